// SPDX-License-Identifier: GPL-3.0-or-later
// Search field and filter chips.
#include "ui/pages/data/data_toolbar.h"

#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/widgets/choices.h"
#include "ui/widgets/labels.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QShortcut>

namespace preflab {
namespace {

/// Typing is answered when it pauses: a search over a million rows takes about that long.
constexpr int kSearchDelay = 200;

std::uint8_t allFlags()
{
    std::uint8_t flags = 0;
    for (const RowFlag flag : kRowFlags) flags = static_cast<std::uint8_t>(flags | static_cast<std::uint8_t>(flag));
    return flags;
}

}  // namespace

DataToolbar::DataToolbar(QWidget* parent)
    : QFrame(parent), m_field(new QLineEdit), m_count(makeLabel({}, "small")), m_error(makeLabel({}, "small", "danger"))
{
    const Theme& theme = currentTheme();
    setProperty("role", QStringLiteral("toolbar"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(theme.px(16), theme.px(7), theme.px(16), theme.px(7));
    row->setSpacing(theme.px(8));
    m_field->setObjectName(QStringLiteral("dataSearch"));
    m_field->setProperty("dense", true);
    m_field->setPlaceholderText(tr("Search text or /regex/  (Ctrl+F)"));
    m_field->setAccessibleName(tr("Search the pairs"));
    m_field->setToolTip(
        tr("Words in any case, or an expression between slashes; searches prompt, chosen and rejected"));
    m_field->setClearButtonEnabled(true);
    m_field->setMinimumWidth(theme.px(230));
    m_field->setMaximumWidth(theme.px(320));
    row->addWidget(m_field, 2);
    for (Chip* chip : {addChip(QStringLiteral("flagged"), tr("flagged"), tr("Pairs with something to look at")),
                       addChip(QStringLiteral("edited"), tr("edited"), tr("Pairs whose text you changed")),
                       addChip(QStringLiteral("unlabelled"), tr("without label"), tr("Pairs without a vote")),
                       addChip(QStringLiteral("excluded"), tr("left out"), tr("Pairs that training leaves out"))})
        row->addWidget(chip);
    row->addWidget(m_error);
    row->addStretch(1);
    row->addWidget(m_count);
    m_delay.setSingleShot(true);
    m_delay.setInterval(kSearchDelay);
    connect(&m_delay, &QTimer::timeout, this, &DataToolbar::changed);
    connect(m_field, &QLineEdit::textChanged, this, [this] { m_delay.start(); });
    connect(m_field, &QLineEdit::returnPressed, this, [this] {
        m_delay.stop();
        Q_EMIT changed();
    });
    auto* find = new QShortcut(QKeySequence::Find, this);
    connect(find, &QShortcut::activated, this, [this] {
        if (isVisible()) m_field->setFocus(Qt::ShortcutFocusReason);
    });
}

Chip* DataToolbar::addChip(const QString& id, const QString& text, const QString& help)
{
    auto* chip = new Chip(text);
    chip->setObjectName(id);
    chip->setCheckable(true);
    chip->setToolTip(help);
    m_chips.push_back(chip);
    connect(chip, &Chip::clicked, this, [this] {
        m_flags = 0;
        Q_EMIT changed();
    });
    return chip;
}

QString DataToolbar::search() const
{
    return m_field->text();
}

void DataToolbar::clearFilters()
{
    for (Chip* chip : m_chips) chip->setChecked(false);
    m_flags = 0;
    m_field->clear();
    m_delay.stop();
    Q_EMIT changed();
}

void DataToolbar::setFlags(std::uint8_t flags)
{
    m_flags = flags;
    for (Chip* chip : m_chips) chip->setChecked(chip->objectName() == QLatin1String("flagged"));
    Q_EMIT changed();
}

ViewQuery DataToolbar::applied(ViewQuery query) const
{
    query.search = m_field->text().toStdString();
    query.flags = 0;
    query.isEditedOnly = false;
    query.label = LabelFilter::All;
    query.exclusion = ExclusionFilter::All;
    for (const Chip* chip : m_chips) {
        if (!chip->isChecked()) continue;
        if (chip->objectName() == QLatin1String("flagged")) query.flags = m_flags != 0 ? m_flags : allFlags();
        if (chip->objectName() == QLatin1String("edited")) query.isEditedOnly = true;
        if (chip->objectName() == QLatin1String("unlabelled")) query.label = LabelFilter::Unlabelled;
        if (chip->objectName() == QLatin1String("excluded")) query.exclusion = ExclusionFilter::OnlyExcluded;
    }
    return query;
}

QString DataToolbar::filterText() const
{
    QStringList words;
    if (!m_field->text().isEmpty()) words.push_back(tr("“%1”").arg(m_field->text()));
    for (const Chip* chip : m_chips)
        if (chip->isChecked()) words.push_back(tr("“%1”").arg(chip->text()));
    return QLocale().createSeparatedList(words);
}

void DataToolbar::setCount(std::uint32_t shown, std::uint32_t all)
{
    const QLocale locale;
    m_count->setText(
        shown == all
            ? tr("%1 pair(s)", nullptr, static_cast<int>(all)).arg(locale.toString(all))
            : tr("%1 of %2 pair(s)", nullptr, static_cast<int>(all)).arg(locale.toString(shown), locale.toString(all)));
}

void DataToolbar::setError(const QString& sentence)
{
    m_error->setText(sentence);
    setLook(*m_field, "tone", sentence.isEmpty() ? QVariant() : QVariant(QStringLiteral("danger")));
}

}  // namespace preflab
