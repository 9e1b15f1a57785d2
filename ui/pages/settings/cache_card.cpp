// SPDX-License-Identifier: GPL-3.0-or-later
// Places with a button each, and the caches' size.
#include "ui/pages/settings/cache_card.h"

#include "core/base/system.h"
#include "ui/models/app/cache_care.h"
#include "ui/models/app/error_text.h"
#include "ui/models/app/number_text.h"
#include "ui/theme/theme.h"
#include "ui/widgets/button.h"
#include "ui/widgets/form_row.h"
#include "ui/widgets/labels.h"

#include <QDesktopServices>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QUrl>

namespace preflab {
namespace {

/// Nothing at all has a size, too.
QString bytesText(std::uint64_t bytes)
{
    return bytes == 0 ? QStringLiteral("0 B") : sizeText(bytes);
}

}  // namespace

CacheCard::CacheCard(CacheCare& care, const std::filesystem::path& settingsFile, QWidget* parent)
    : Card(tr("Where files lie"), parent), m_care(care), m_size(makeLabel({})), m_empty(new Button(tr("Empty caches"))),
      m_note(new Note(QStringLiteral("warning")))
{
    addPlace(tr("Projects"), dataFolder(), dataFolder());
    addPlace(tr("Settings"), settingsFile, settingsFile.parent_path());
    addPlace(tr("Caches"), care.folder(), care.folder());
    auto* row = new QWidget;
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(currentTheme().px(132), 0, 0, 0);
    line->setSpacing(currentTheme().px(12));
    line->addWidget(m_size);
    line->addWidget(m_empty);
    line->addStretch(1);
    m_empty->setDense();
    QLabel* help =
        makeLabel(tr("Converted data, token counts and reference log-probs. They are made again when they are needed."),
                  "small", "muted");
    help->setWordWrap(true);
    help->setContentsMargins(currentTheme().px(132), 0, 0, 0);
    body().addWidget(row);
    body().addWidget(help);
    body().addWidget(m_note);
    m_note->hide();
    connect(m_empty, &Button::clicked, this, &CacheCard::showQuestion);
    connect(&care, &CacheCare::changed, this, &CacheCard::showSize);
    connect(&care, &CacheCare::emptied, this, &CacheCard::showDone);
    showSize();
}

void CacheCard::addPlace(const QString& label, const std::filesystem::path& path, const std::filesystem::path& folder)
{
    auto* field = new QLineEdit(QString::fromStdString(path.string()));
    field->setReadOnly(true);
    field->setCursorPosition(0);
    auto* row = new FormRow(label, field);
    auto* show = new Button(tr("Show in folder"), QStringLiteral("folder"));
    show->setAccessibleDescription(label);
    connect(show, &Button::clicked, this,
            [folder] { QDesktopServices::openUrl(QUrl::fromLocalFile(QString::fromStdString(folder.string()))); });
    row->addBeside(show);
    body().addWidget(row);
}

void CacheCard::showSize()
{
    const QString refusal = m_care.refusal();
    const auto& contents = m_care.contents();
    if (m_care.isEmptying())
        m_size->setText(tr("Emptying…"));
    else if (!contents)
        m_size->setText(tr("Counting…"));
    else
        m_size->setText(
            tr("%1 in %n file(s)", nullptr, static_cast<int>(contents->files)).arg(bytesText(contents->bytes)));
    const bool isNothingThere = contents && contents->files == 0;
    m_empty->setEnabled(!m_care.isEmptying() && contents && !isNothingThere && refusal.isEmpty());
    m_empty->setToolTip(!refusal.isEmpty() ? refusal
                        : isNothingThere   ? tr("There is nothing in the caches.")
                                           : tr("Deletes the files in the caches after asking once more"));
}

void CacheCard::showQuestion()
{
    m_note->setTone(QStringLiteral("warning"));
    m_note->setText(
        tr("Delete %1 of caches? Projects, edits and runs are not touched; what is needed again takes its time again.")
            .arg(bytesText(m_care.contents()->bytes)));
    m_note->clearButtons();
    m_note->addButton(tr("Delete them"), [this] {
        m_note->hide();
        const QString refusal = m_care.refusal();  // a run may have begun since the question
        m_care.empty();
        if (refusal.isEmpty()) return;
        m_note->setText(refusal);
        m_note->clearButtons();
        m_note->show();
    });
    m_note->addButton(tr("Keep them"), [this] { m_note->hide(); });
    m_note->show();
}

void CacheCard::showDone(const EmptiedCache& done)
{
    m_note->clearButtons();
    m_note->setTone(done.problem ? QStringLiteral("warning") : QStringLiteral("ok"));
    const QString freed = tr("%1 freed.").arg(bytesText(done.freed.bytes));
    if (done.problem) {
        //: what was freed; how many stayed and why
        m_note->setText(
            tr("%1 %n file(s) stayed: %2", nullptr, static_cast<int>(done.kept)).arg(freed, errorText(*done.problem)));
    } else {
        m_note->setText(freed);
    }
    m_note->show();
}

}  // namespace preflab
