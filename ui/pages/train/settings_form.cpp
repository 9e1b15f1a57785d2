// SPDX-License-Identifier: GPL-3.0-or-later
// Rows from the parameters, the fold, the search in it, findings at their fields.
#include "ui/pages/train/settings_form.h"

#include "ui/theme/theme.h"
#include "ui/widgets/button.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/number_field.h"

#include <QLineEdit>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

namespace preflab {
namespace {

/// Parameters that stand in the row of another one.
const std::array<std::pair<std::string, std::string>, 2> kShared{
    {{"max_steps", "num_train_epochs"}, {"gradient_accumulation_steps", "per_device_train_batch_size"}}};

bool isShared(const std::string& key)
{
    return std::any_of(kShared.begin(), kShared.end(), [&](const auto& pair) { return pair.first == key; });
}

QVBoxLayout* makeColumn(QWidget* parent)
{
    auto* column = new QVBoxLayout(parent);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(currentTheme().px(12));
    return column;
}

/// Shows help below even in a tight form: it is what to look at, not what the setting is.
const DraftFinding* warningOf(const TrainSetup& setup, const std::string& key)
{
    const auto& all = setup.findings();
    const auto found = std::find_if(all.begin(), all.end(), [&](const DraftFinding& finding) {
        return finding.key == key && finding.kind == DraftFinding::Kind::Warning;
    });
    return found == all.end() ? nullptr : &*found;
}

}  // namespace

SettingsForm::SettingsForm(TrainSetup& setup, Scope scope, HelpPlace help, QWidget* parent)
    : QWidget(parent), m_setup(setup), m_scope(scope), m_help(help), m_layout(makeColumn(this))
{
    connect(&setup.draft().form(), &ParamFormModel::fieldsChanged, this, &SettingsForm::rebuild);
    connect(&setup.draft(), &RunDraft::sourcesChanged, this, &SettingsForm::takeFindings);
    connect(&setup, &TrainSetup::findingsChanged, this, &SettingsForm::takeFindings);
    rebuild();
}

void SettingsForm::rebuild()
{
    if (m_content) {
        m_content->hide();
        m_content->deleteLater();
    }
    m_rows.clear();
    m_content = new QWidget;
    QVBoxLayout* column = makeColumn(m_content);
    fill(*column, false);
    m_advanced = new QWidget;
    QVBoxLayout* advanced = makeColumn(m_advanced);
    const qsizetype before = m_rows.size();
    fill(*advanced, true);
    m_advancedCount = static_cast<int>(m_rows.size() - before);
    makeFold();
    column->addWidget(m_fold, 0, Qt::AlignLeft);
    column->addWidget(m_search);
    column->addWidget(m_advanced);
    column->addStretch(1);
    m_layout->addWidget(m_content);
    unfold(m_isOpen);
    takeFindings();
}

void SettingsForm::fill(QVBoxLayout& into, bool isAdvanced)
{
    const ParamFormModel& form = m_setup.draft().form();
    const std::vector<std::string> groups = form.groups();
    for (std::size_t i = 0; i < groups.size(); ++i) {
        if (m_scope == Scope::WithoutPreference && groups[i] == paramGroups().front() && !isAdvanced) continue;
        QWidget* heading = nullptr;
        for (const ParamField& field : form.fields()) {
            if (field.spec.group != groups[i] || field.spec.isAdvanced != isAdvanced || isShared(field.spec.key))
                continue;
            if (!heading) {
                heading = makeGroupHeading(paramText(groups[i]));
                into.addWidget(heading);
            }
            FormRow* row = makeRow(field);
            m_rows.insert(QString::fromStdString(field.spec.key), row);
            into.addWidget(row);
        }
    }
}

FormRow* SettingsForm::makeRow(const ParamField& field)
{
    RunDraft& draft = m_setup.draft();
    if (field.spec.key == "num_train_epochs") return new LengthRow(draft, m_help);
    if (field.spec.key == "per_device_train_batch_size") return new BatchRow(draft.form(), m_help);
    // What a method is about is always explained.
    const bool isPreference = field.spec.group == paramGroups().front();
    return new ParamRow(draft.form(), field.spec.key, isPreference ? HelpPlace::Below : m_help);
}

void SettingsForm::makeFold()
{
    m_fold =
        new Button(tr("%n more setting(s)", nullptr, m_advancedCount), QStringLiteral("right"), Button::Kind::Bare);
    m_fold->setDense();
    if (m_advancedCount == 0) m_fold->hide();
    connect(m_fold, &QPushButton::clicked, this, [this] {
        unfold(!m_isOpen);
        if (m_isOpen) m_search->setFocus(Qt::OtherFocusReason);
    });
    m_search = new QLineEdit;
    m_search->setPlaceholderText(tr("Search settings"));
    m_search->setAccessibleName(tr("Search settings"));
    m_search->setToolTip(tr("Shows the settings whose name or explanation has these words."));
    m_search->setClearButtonEnabled(true);
    connect(m_search, &QLineEdit::textChanged, this, &SettingsForm::search);
}

void SettingsForm::unfold(bool isOpen)
{
    m_isOpen = isOpen;
    m_advanced->setVisible(isOpen);
    m_search->setVisible(isOpen);
    m_fold->setIconName(isOpen ? QStringLiteral("down") : QStringLiteral("right"));
}

void SettingsForm::search(const QString& text)
{
    for (const ParamField& field : m_setup.draft().form().fields()) {
        FormRow* row = this->row(field.spec.key);
        if (!row || !field.spec.isAdvanced) continue;
        const QString all =
            field.label() + QLatin1Char(' ') + field.help() + QLatin1Char(' ') + QString::fromStdString(field.spec.key);
        row->setVisible(all.contains(text.trimmed(), Qt::CaseInsensitive));
    }
}

FormRow* SettingsForm::row(const std::string& key) const
{
    const auto shared =
        std::find_if(kShared.begin(), kShared.end(), [&](const auto& pair) { return pair.first == key; });
    return m_rows.value(QString::fromStdString(shared == kShared.end() ? key : shared->second));
}

void SettingsForm::focusOn(const std::string& key)
{
    FormRow* row = this->row(key);
    if (!row) return;
    if (m_advanced->isAncestorOf(row)) {
        m_search->clear();
        unfold(true);
    }
    // Where there is a slider, the exact field beside it.
    QWidget* field = row->findChild<NumberField*>();
    (field ? field : row->editor())->setFocus(Qt::ShortcutFocusReason);
    for (QWidget* above = parentWidget(); above; above = above->parentWidget()) {
        if (auto* area = qobject_cast<QScrollArea*>(above)) area->ensureWidgetVisible(row);
    }
}

void SettingsForm::takeFindings()
{
    const ParamFormModel& form = m_setup.draft().form();
    for (const ParamField& field : form.fields()) {
        FormRow* row = m_rows.value(QString::fromStdString(field.spec.key));
        if (!row) continue;
        if (field.spec.key == "eval_fraction") row->setVisible(!m_setup.draft().evalData());
        const bool isBelow = m_help == HelpPlace::Below || field.spec.group == paramGroups().front();
        const DraftFinding* warning = warningOf(m_setup, field.spec.key);
        const QString tip = row->editor()->toolTip();
        row->setHelp(warning ? warning->text : isBelow ? tip : QString());
        if (tip.isEmpty()) continue;
        row->editor()->setToolTip(tip);
        row->editor()->setAccessibleDescription(tip);
    }
    for (const DraftFinding& finding : m_setup.findings()) {
        FormRow* row = finding.kind == DraftFinding::Kind::Problem ? this->row(finding.key) : nullptr;
        if (row && row->error().isEmpty()) row->setError(finding.text);
    }
}

}  // namespace preflab
