// SPDX-License-Identifier: GPL-3.0-or-later
// Overview, tensors and the panel to try a model.
#include "ui/pages/model/model_page.h"

#include "ui/models/app/app_settings.h"
#include "ui/models/app/workspace.h"
#include "ui/models/runs/run_center.h"
#include "ui/pages/model/model_overview.h"
#include "ui/pages/model/tensors_card.h"
#include "ui/pages/model/try_panel.h"
#include "ui/theme/theme.h"
#include "ui/widgets/button.h"
#include "ui/widgets/choices.h"
#include "ui/widgets/state_view.h"

#include <QSignalBlocker>
#include <QSplitter>
#include <QVBoxLayout>

#include <set>
#include <utility>

namespace preflab {
namespace {

const QString kLayout = QStringLiteral("model/splitter");

QString textOf(const std::filesystem::path& path)
{
    return QString::fromStdString(path.string());
}

}  // namespace

ModelPage::ModelPage(Workspace& workspace, FileChooser chooser, QWidget* parent)
    : Page(PageId::Model, tr("Model"), parent), m_workspace(workspace), m_chooser(std::move(chooser))
{
    makeHeader();
    setContent(makeContent());
    connect(&workspace, &Workspace::modelChanged, this, [this] {
        showModel();
        updateSelector();
    });
    connect(&workspace, &Workspace::projectChanged, this, [this] {
        if (RunCenter* runs = m_workspace.runs())
            connect(runs, &RunCenter::listChanged, this, &ModelPage::updateSelector);
        updateSelector();
    });
    if (RunCenter* runs = workspace.runs()) connect(runs, &RunCenter::listChanged, this, &ModelPage::updateSelector);
    updateSelector();
    showModel();
}

void ModelPage::makeHeader()
{
    m_selector = new ComboBox;
    m_selector->setProperty("dense", true);
    m_selector->setAccessibleName(tr("Model of this project"));
    m_selector->setToolTip(
        tr("The model that runs start from; models that runs of this project used can be chosen again"));
    m_selector->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_selector->setMaximumWidth(currentTheme().px(320));
    header().setContext(m_selector);
    auto* open = new Button(tr("Open"), QStringLiteral("folder"));
    open->setToolTip(tr("Open a model folder (config.json, safetensors, tokenizer)"));
    m_train = new Button(tr("Train this"), QStringLiteral("train"), Button::Kind::Primary);
    for (Button* button : {open, m_train}) {
        button->setDense();
        header().addAction(button);
    }
    connect(m_selector, &QComboBox::activated, this,
            [this](int row) { m_workspace.openModel(m_selector->itemData(row).toString().toStdString()); });
    connect(open, &Button::clicked, this, &ModelPage::openModel);
    connect(m_train, &Button::clicked, this, [this] { Q_EMIT wentTo({PageId::Train, {}, {}, {}}); });
}

QWidget* ModelPage::makeContent()
{
    const Theme& theme = currentTheme();
    auto* about = new QWidget;
    auto* column = new QVBoxLayout(about);
    column->setContentsMargins(theme.px(16), theme.px(12), theme.px(16), theme.px(12));
    column->setSpacing(theme.px(12));
    m_overview = new ModelOverview;
    m_tensors = new TensorsCard;
    column->addWidget(m_overview);
    column->addWidget(m_tensors, 1);
    m_state = new StateView(about);
    m_try = new TryPanel(m_workspace);
    auto* splitter = new QSplitter;
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(m_state);
    splitter->addWidget(m_try);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    splitter->setSizes({theme.px(736), theme.px(472)});
    splitter->restoreState(m_workspace.settings().layout(kLayout));
    connect(splitter, &QSplitter::splitterMoved, this,
            [this, splitter] { m_workspace.settings().setLayout(kLayout, splitter->saveState()); });
    return splitter;
}

void ModelPage::openModel()
{
    m_chooser(*this, FileQuestion::ModelFolder,
              [this](const std::filesystem::path& path) { m_workspace.openModel(path); });
}

void ModelPage::showModel()
{
    const auto& report = m_workspace.model();
    m_train->setEnabled(report.has_value());
    m_train->setToolTip(report ? tr("Set up a run that starts from this model") : tr("Open a model first"));
    if (report) {
        m_overview->setReport(*report);
        m_tensors->setTensors(report->tensors);
        m_state->showContent();
        return;
    }
    const StateView::Action open{m_workspace.modelPath().empty() ? tr("Open a model") : tr("Open another model"),
                                 [this] { openModel(); }};
    const QString name = textOf(m_workspace.modelPath().filename());
    if (m_workspace.modelError()) {
        m_state->showError(tr("The model %1 cannot be read").arg(name), *m_workspace.modelError(), open);
    } else if (!m_workspace.modelPath().empty()) {
        m_state->showLoading(tr("Reading the model %1").arg(name));
    } else {
        m_state->showEmpty(
            QStringLiteral("model"), tr("No model is open"),
            tr("Open a Hugging Face folder, or drop one on the window: config.json, safetensors and a tokenizer."),
            open);
    }
}

void ModelPage::updateSelector()
{
    std::set<std::filesystem::path> models;
    const std::filesystem::path& current = m_workspace.modelPath();
    if (const RunCenter* runs = m_workspace.runs()) {
        for (const RunEntry& entry : runs->runs()) models.insert(entry.record.spec.model);
    }
    models.erase(current);
    const QSignalBlocker blocker(m_selector);
    m_selector->clear();
    if (!current.empty()) m_selector->addItem(textOf(current.filename()), textOf(current));
    for (const auto& model : models) m_selector->addItem(textOf(model.filename()), textOf(model));
    for (int row = 0; row < m_selector->count(); ++row)
        m_selector->setItemData(row, m_selector->itemData(row), Qt::ToolTipRole);
    m_selector->setVisible(m_selector->count() > 0);
    m_selector->setEnabled(m_selector->count() > 1);
}

}  // namespace preflab
