// SPDX-License-Identifier: GPL-3.0-or-later
// The pages of the window: the only place that knows them all.
#pragma once

#include "ui/widgets/file_question.h"

#include <QList>

namespace preflab {

class Page;
class Workspace;

/// Makes every page, in the order of the rail; the caller owns them.
QList<Page*> makePages(Workspace& workspace, const FileChooser& chooser);

}  // namespace preflab
