// SPDX-License-Identifier: GPL-3.0-or-later
// Making the pages.
#include "ui/window/page_set.h"

#include "ui/pages/compare/compare_page.h"
#include "ui/pages/data/data_page.h"
#include "ui/pages/home/home_page.h"
#include "ui/pages/model/model_page.h"
#include "ui/pages/runs/runs_page.h"
#include "ui/pages/settings/settings_page.h"
#include "ui/pages/train/train_page.h"

namespace preflab {

QList<Page*> makePages(Workspace& workspace, const FileChooser& chooser)
{
    return {new HomePage(workspace, chooser),  new DataPage(workspace, chooser), new ModelPage(workspace, chooser),
            new TrainPage(workspace, chooser), new RunsPage(workspace),          new ComparePage(workspace),
            new SettingsPage(workspace)};
}

}  // namespace preflab
