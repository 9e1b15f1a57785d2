// SPDX-License-Identifier: GPL-3.0-or-later
// The form at the left, what it means at the right; the wizard in their place.
#include "ui/pages/train/train_page.h"

#include "ui/models/app/workspace.h"
#include "ui/pages/train/estimate_card.h"
#include "ui/pages/train/preview_card.h"
#include "ui/pages/train/settings_form.h"
#include "ui/pages/train/source_rows.h"
#include "ui/pages/train/start_bar.h"
#include "ui/pages/train/wizard.h"
#include "ui/theme/metrics.h"
#include "ui/theme/theme.h"
#include "ui/widgets/button.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/step_trail.h"

#include <QHBoxLayout>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace preflab {
namespace {

constexpr int kFormWidth = 532, kLeastFormWidth = 492;
constexpr int kNarrow = 940;  ///< of the page, without room for margins

}  // namespace

TrainPage::TrainPage(Workspace& workspace, FileChooser chooser, QWidget* parent)
    : Page(PageId::Train, tr("Train"), parent), m_setup(workspace), m_chooser(std::move(chooser)),
      m_views(new QStackedWidget)
{
    m_wizard = new Wizard(m_setup, m_chooser);
    m_views->addWidget(makeSetup());
    m_views->addWidget(m_wizard);
    setContent(m_views);
    header().setMiddle(m_wizard->trail());
    m_openWizard = new Button(tr("Open wizard"));
    m_openWizard->setToolTip(tr("Asks one question after the other."));
    m_closeWizard = new Button({}, QStringLiteral("close"), Button::Kind::Bare);
    m_closeWizard->setAccessibleName(tr("Close the wizard"));
    m_closeWizard->setToolTip(tr("Shows all settings at once. Nothing is lost."));
    header().addAction(m_openWizard);
    header().addAction(m_closeWizard);
    connect(m_openWizard, &QPushButton::clicked, this, &TrainPage::showWizard);
    connect(m_closeWizard, &QPushButton::clicked, this, &TrainPage::showSetup);
    connect(m_wizard, &Wizard::wentTo, this, &Page::wentTo);
    connect(m_wizard, &Wizard::noticed, this, [this](const QString& text) { Q_EMIT toastWanted(text, {}, {}); });
    connect(&m_setup, &TrainSetup::started, this, [this](const QStringList& runs) {
        Q_EMIT wentTo({PageId::Runs, {}, runs.value(0), {}});
    });
    showSetup();
}

/// The views know the setup: they go first.
TrainPage::~TrainPage()
{
    delete m_views;
}

void TrainPage::arrive(const Destination& destination)
{
    if (!destination.run.isEmpty()) m_setup.takeRun(destination.run);
    if (destination.tab == QLatin1String("wizard"))
        showWizard();
    else if (destination.tab == QLatin1String("setup"))
        showSetup();
}

void TrainPage::showSetup()
{
    m_views->setCurrentIndex(0);
    header().setTitle(tr("Train"));
    m_wizard->trail()->hide();
    m_openWizard->show();
    m_closeWizard->hide();
}

void TrainPage::showWizard()
{
    m_views->setCurrentIndex(1);
    header().setTitle(tr("New training"));
    m_wizard->trail()->show();
    m_openWizard->hide();
    m_closeWizard->show();
    m_wizard->begin();
}

QWidget* TrainPage::makeSetup()
{
    auto* whole = new QWidget;
    auto* row = new QHBoxLayout(whole);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(makeForm(), 100);  // as wide as it may be, then the rest
    row->addWidget(makeSide(), 1);
    return whole;
}

QWidget* TrainPage::makeForm()
{
    const Theme& theme = currentTheme();
    auto* panel = new QFrame;
    panel->setProperty("role", QStringLiteral("panel"));
    auto* column = new QVBoxLayout(panel);
    m_formColumn = column;
    column->setSpacing(theme.px(12));
    m_model = new ModelRow(m_setup, m_chooser);
    m_data = new DataRow(m_setup, m_chooser);
    m_form = new SettingsForm(m_setup, SettingsForm::Scope::All, HelpPlace::Tooltip);
    column->addWidget(new MethodRow(m_setup.draft()));
    column->addWidget(m_model);
    column->addWidget(m_data);
    column->addWidget(new HeldOutRow(m_setup, m_chooser));
    column->addWidget(m_form, 1);
    auto* area = new QScrollArea;
    area->setWidgetResizable(true);
    keepMetrics(*area, [area] {
        area->setMinimumWidth(currentTheme().px(kLeastFormWidth));
        area->setMaximumWidth(currentTheme().px(kFormWidth));
    });
    area->setFocusPolicy(Qt::NoFocus);
    area->setWidget(panel);
    return area;
}

void TrainPage::resizeEvent(QResizeEvent* event)
{
    Page::resizeEvent(event);
    const Theme& theme = currentTheme();
    const int margin = theme.px(width() < theme.px(kNarrow) ? 8 : 20);
    m_formColumn->setContentsMargins(margin, theme.px(14), margin, theme.px(16));
}

QWidget* TrainPage::makeSide()
{
    const Theme& theme = currentTheme();
    auto* side = new QFrame;
    auto* column = new QVBoxLayout(side);
    column->setContentsMargins(theme.px(14), theme.px(14), theme.px(14), theme.px(14));
    column->setSpacing(theme.px(12));
    column->addWidget(new PreviewCard(m_setup.preview(), m_setup.draft()), 1);
    column->addWidget(new EstimateCard(m_setup));
    column->addStretch(0);
    auto* bar = new StartBar(m_setup);
    column->addWidget(bar);
    connect(bar, &StartBar::problemShown, this, &TrainPage::leadTo);
    connect(bar, &StartBar::commandCopied, this, [this] { Q_EMIT toastWanted(tr("Command line copied."), {}, {}); });
    return side;
}

void TrainPage::leadTo(const std::string& key)
{
    if (key == "model")
        static_cast<ModelRow*>(m_model)->editor()->setFocus(Qt::ShortcutFocusReason);
    else if (key == "data")
        static_cast<DataRow*>(m_data)->editor()->setFocus(Qt::ShortcutFocusReason);
    else
        m_form->focusOn(key);
}

}  // namespace preflab
