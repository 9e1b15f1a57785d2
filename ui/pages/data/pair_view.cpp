// SPDX-License-Identifier: GPL-3.0-or-later
// Showing and editing one pair.
#include "ui/pages/data/pair_view.h"

#include "core/data/journal/row_state.h"
#include "core/data/rows/row_text.h"
#include "ui/theme/theme.h"
#include "ui/widgets/button.h"
#include "ui/widgets/choices.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/pair_text.h"
#include "ui/widgets/state_view.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPainter>
#include <QScrollArea>
#include <QVBoxLayout>

namespace preflab {
namespace {

/// The line above a side: solid for chosen, dashed for rejected.
class SideLine : public QWidget {
public:
    explicit SideLine(bool isChosen) : m_isChosen(isChosen) { setFixedHeight(2); }

protected:
    void paintEvent(QPaintEvent*) override
    {
        const Theme& theme = currentTheme();
        QPainter painter(this);
        QPen pen(m_isChosen ? theme.chosen : theme.rejected, 2);
        if (!m_isChosen) pen.setDashPattern({3, 2});
        painter.setPen(pen);
        painter.drawLine(0, 1, width(), 1);
    }

private:
    bool m_isChosen;
};

std::vector<TextMark> marksOf(const std::vector<TextRange>& ranges, TextMark::Kind kind, std::size_t commonPrefix)
{
    std::vector<TextMark> marks;
    if (commonPrefix > 0) marks.push_back({0, commonPrefix, TextMark::Kind::CommonPrefix});
    for (const TextRange& range : ranges) marks.push_back({range.begin, range.end, kind});
    return marks;
}

void addHits(std::vector<TextMark>& marks, const std::string& text, const QString& search)
{
    if (search.isEmpty() || search.startsWith(QLatin1Char('/'))) return;
    const QString whole = QString::fromStdString(text);
    for (qsizetype at = whole.indexOf(search, 0, Qt::CaseInsensitive); at >= 0;
         at = whole.indexOf(search, at + search.size(), Qt::CaseInsensitive)) {
        const auto begin = static_cast<std::size_t>(whole.left(at).toUtf8().size());
        marks.push_back({begin, begin + static_cast<std::size_t>(whole.mid(at, search.size()).toUtf8().size()),
                         TextMark::Kind::SearchHit});
    }
}

}  // namespace

std::string editableText(const RowText& text)
{
    if (const auto* plain = std::get_if<std::string>(&text)) return *plain;
    const auto* messages = std::get_if<Messages>(&text);
    return messages != nullptr && !messages->empty() ? messages->back().content : std::string();
}

namespace {

RowText replaced(const RowText& old, const std::string& text)
{
    if (const auto* messages = std::get_if<Messages>(&old); messages != nullptr && !messages->empty()) {
        Messages changed = *messages;
        changed.back().content = text;
        return changed;
    }
    return old.index() == 0 && text.empty() ? old : RowText(text);
}

}  // namespace

Row withTexts(const Row& row, const std::string& prompt, const std::string& chosen, const std::string& rejected)
{
    Row after = row;
    after.prompt = replaced(row.prompt, prompt);
    after.chosen = replaced(row.chosen, chosen);
    after.rejected = replaced(row.rejected, rejected);
    return after;
}

PairView::PairView(QWidget* parent) : QWidget(parent)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(makeToolbar());
    m_turns = new TurnsView;
    m_promptField = new PairText;
    m_promptField->setAccessibleName(tr("Prompt"));
    m_promptField->hide();
    auto* prompt = new QWidget;
    auto* promptLayout = new QVBoxLayout(prompt);
    promptLayout->setContentsMargins(0, 0, 0, 0);
    promptLayout->addWidget(m_turns);
    promptLayout->addWidget(m_promptField);
    promptLayout->addStretch(1);
    m_promptArea = new QScrollArea;
    m_promptArea->setWidgetResizable(true);
    m_promptArea->setFocusPolicy(Qt::NoFocus);
    m_promptArea->setWidget(prompt);
    auto* texts = new QWidget;
    auto* column = new QVBoxLayout(texts);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_promptArea, 1);
    auto* sides = new QFrame;
    sides->setProperty("role", QStringLiteral("ground"));  // of which one pixel shows between them
    m_sides = new QBoxLayout(QBoxLayout::LeftToRight, sides);
    m_sides->setContentsMargins(0, 0, 0, 0);
    m_sides->setSpacing(1);
    m_sides->addWidget(makeSide(tr("Chosen"), "chosen", m_chosenBadge, m_chosen), 1);
    m_sides->addWidget(makeSide(tr("Rejected"), "rejected", m_rejectedBadge, m_rejected), 1);
    column->addWidget(sides, 3);
    m_state = new StateView(texts);
    layout->addWidget(m_state, 1);
    m_chosen->setObjectName(QStringLiteral("chosenText"));
    m_rejected->setObjectName(QStringLiteral("rejectedText"));
    m_promptField->setObjectName(QStringLiteral("promptText"));
    for (PairText* field : {m_promptField, m_chosen, m_rejected}) {
        connect(field, &PairText::editAccepted, this, &PairView::acceptEdit);
        connect(field, &PairText::editGivenUp, this, &PairView::endEditing);
    }
    clear();
}

QWidget* PairView::makeToolbar()
{
    const Theme& theme = currentTheme();
    auto* bar = new QFrame;
    bar->setProperty("role", QStringLiteral("toolbar"));
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(theme.px(16), theme.px(6), theme.px(12), theme.px(6));
    row->setSpacing(theme.px(8));
    m_title = makeLabel({}, "strong");
    row->addWidget(m_title);
    for (const bool isUp : {true, false}) {
        auto* step = new Button({}, isUp ? QStringLiteral("up") : QStringLiteral("down"), Button::Kind::Bare);
        step->setDense();
        step->setAccessibleName(isUp ? tr("Previous pair") : tr("Next pair"));
        step->setToolTip(step->accessibleName());
        connect(step, &Button::clicked, this, isUp ? &PairView::previousWanted : &PairView::nextWanted);
        row->addWidget(step);
    }
    m_arrangement = new Segmented;
    m_arrangement->setAccessibleName(tr("Arrangement of the answers"));
    m_arrangement->addSegment(QStringLiteral("side"), tr("Side by side"));
    m_arrangement->addSegment(QStringLiteral("stacked"), tr("Stacked"));
    m_marks = new Segmented;
    m_marks->setAccessibleName(tr("Difference marks"));
    m_marks->addSegment(QStringLiteral("off"), tr("Off"));
    m_marks->addSegment(QStringLiteral("words"), tr("Words"));
    m_marks->addSegment(QStringLiteral("letters"), tr("Letters"));
    m_marks->setCurrent(QStringLiteral("words"));
    row->addWidget(m_arrangement);
    row->addWidget(m_marks);
    row->addStretch(1);
    m_edit = new Button(tr("Edit"), QStringLiteral("edit"), Button::Kind::Bare);
    m_edit->setObjectName(QStringLiteral("editPair"));
    m_edit->setDense();
    m_edit->setKey(QStringLiteral("E"));
    m_swap = new Button(tr("Swap"), QStringLiteral("swap"), Button::Kind::Bare);
    m_swap->setObjectName(QStringLiteral("swapPair"));
    m_swap->setDense();
    m_swap->setKey(QStringLiteral("S"));
    m_giveUp = new Button(tr("Cancel"), Button::Kind::Bare);
    m_giveUp->setDense();
    m_giveUp->setPrintedKey(QStringLiteral("Esc"));
    m_accept = new Button(tr("Save the pair"), Button::Kind::Outlined);
    m_accept->setObjectName(QStringLiteral("savePair"));
    m_accept->setDense();
    m_accept->setPrintedKey(QStringLiteral("Ctrl+Return"));
    for (Button* button : {m_edit, m_swap, m_giveUp, m_accept}) row->addWidget(button);
    connect(m_arrangement, &Segmented::chosen, this,
            [this](const QString& id) { setStacked(id == QLatin1String("stacked")); });
    connect(m_marks, &Segmented::chosen, this, &PairView::diffUnitChanged);
    connect(m_edit, &Button::clicked, this, &PairView::startEditing);
    connect(m_swap, &Button::clicked, this, [this] {
        if (isCurrent()) Q_EMIT swapWanted(m_pair->row);
    });
    connect(m_accept, &Button::clicked, this, &PairView::acceptEdit);
    connect(m_giveUp, &Button::clicked, this, &PairView::endEditing);
    return bar;
}

QWidget* PairView::makeSide(const QString& title, const char* tone, Badge*& badge, PairText*& text)
{
    const Theme& theme = currentTheme();
    auto* side = new QFrame;
    side->setProperty("role", QStringLiteral("panel"));
    auto* layout = new QVBoxLayout(side);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(new SideLine(tone == std::string_view("chosen")));
    auto* head = new QHBoxLayout;
    head->setContentsMargins(theme.px(14), theme.px(8), theme.px(14), theme.px(8));
    head->setSpacing(theme.px(8));
    QLabel* name = makeLabel(title, "strong", tone);
    badge = new Badge({});
    head->addWidget(name);
    head->addWidget(badge);
    head->addStretch(1);
    layout->addLayout(head);
    layout->addWidget(makeLine());
    text = new PairText;
    text->setAccessibleName(title);
    text->setMinimumHeight(theme.px(60));
    layout->addWidget(text, 1);
    return side;
}

void PairView::setStacked(bool isStacked)
{
    m_sides->setDirection(isStacked ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
}

std::optional<DiffUnit> PairView::diffUnit() const
{
    if (m_marks->current() == QLatin1String("off")) return std::nullopt;
    return m_marks->current() == QLatin1String("letters") ? DiffUnit::Letters : DiffUnit::Words;
}

void PairView::expect(std::uint32_t row)
{
    if (m_pair && m_pair->row != row) keepTyped();
    m_expected = row;
}

void PairView::keepTyped()
{
    acceptEdit();
    if (m_isEditing) endEditing();
}

void PairView::clear()
{
    keepTyped();
    m_expected.reset();
    m_state->showContent();
    empty(tr("No pair selected"));
}

void PairView::showUnreadable(std::uint32_t row, std::uint64_t sourceNumber, const Error& error,
                              std::function<void()> openAgain)
{
    if (m_isEditing && m_pair && m_pair->row == row) return;
    m_expected = row;
    empty(tr("Pair %1").arg(QLocale().toString(static_cast<qulonglong>(sourceNumber))));
    m_state->showError(tr("This pair cannot be read"), error, {tr("Open the file again"), std::move(openAgain)});
}

void PairView::empty(const QString& title)
{
    m_pair.reset();
    m_title->setText(title);
    m_turns->setTurns({});
    m_chosen->setText({});
    m_rejected->setText({});
    m_chosenBadge->setText({});
    m_rejectedBadge->setText({});
    endEditing();
}

void PairView::showPair(const PairDetails& pair, const QString& search, const std::optional<TokenLengths>& tokens)
{
    // Tokens are counted and tags set while somebody types: only what was saved, or another pair, ends that.
    const bool isBesideEdit =
        m_isEditing && m_pair && m_pair->row == pair.row && !(m_isSaving && areEqual(typed(), pair.given));
    m_pair = pair;
    m_expected = pair.row;
    m_search = search;
    m_state->showContent();
    if (!isBesideEdit) endEditing();
    const QLocale locale;
    m_title->setText(tr("Pair %1").arg(locale.toString(pair.sourceNumber)));
    m_turns->setTurns(turnsOf(pair.shown.prompt, "prompt"));
    const auto length = [&](std::size_t characters, std::optional<std::uint32_t> count) {
        return count ? tr("%1 token(s)", nullptr, static_cast<int>(*count)).arg(locale.toString(*count))
                     : tr("%1 character(s)", nullptr, static_cast<int>(characters))
                           .arg(locale.toString(static_cast<qulonglong>(characters)));
    };
    const bool isCounted = tokens && tokens->isKnown();
    m_chosenBadge->setText(length(characterCount(std::string_view(pair.chosenText)),
                                  isCounted ? std::optional(tokens->chosen) : std::nullopt));
    m_rejectedBadge->setText(length(characterCount(std::string_view(pair.rejectedText)),
                                    isCounted ? std::optional(tokens->rejected) : std::nullopt));
    if (!isBesideEdit) showSides();
}

void PairView::showSides()
{
    const bool isMarked = diffUnit().has_value();
    const PairDiff& diff = m_pair->diff;
    auto chosen =
        isMarked ? marksOf(diff.chosenMarks, TextMark::Kind::OnlyChosen, diff.commonPrefix) : std::vector<TextMark>{};
    auto rejected = isMarked ? marksOf(diff.rejectedMarks, TextMark::Kind::OnlyRejected, diff.commonPrefix)
                             : std::vector<TextMark>{};
    addHits(chosen, m_pair->chosenText, m_search);
    addHits(rejected, m_pair->rejectedText, m_search);
    m_chosen->setText(m_pair->chosenText, std::move(chosen));
    m_rejected->setText(m_pair->rejectedText, std::move(rejected));
}

void PairView::startEditing()
{
    if (!isCurrent() || m_isEditing) return;
    m_isEditing = true;
    m_isSaving = false;
    m_beforeEditing = QApplication::focusWidget();
    m_promptField->setText(editableText(m_pair->given.prompt));
    m_chosen->setText(editableText(m_pair->given.chosen));
    m_rejected->setText(editableText(m_pair->given.rejected));
    m_promptField->setVisible(!m_pair->given.isPromptImplicit());
    m_turns->setVisible(m_pair->given.isPromptImplicit());
    for (PairText* field : {m_promptField, m_chosen, m_rejected}) field->setEditable(true);
    for (Button* button : {m_edit, m_swap}) button->hide();
    for (Button* button : {m_accept, m_giveUp}) button->show();
    m_chosen->setFocus(Qt::OtherFocusReason);
}

void PairView::acceptEdit()
{
    if (!m_isEditing || !m_pair) return;
    const Row after = typed();
    // The journal would have nothing to write, and nothing to answer.
    if (areEqual(after, m_pair->given)) return endEditing();
    m_isSaving = true;
    const std::uint32_t row = m_pair->row;
    Q_EMIT edited(row, after);
}

Row PairView::typed() const
{
    return withTexts(m_pair->given, m_promptField->text(), m_chosen->text(), m_rejected->text());
}

void PairView::endEditing()
{
    const bool wasEditing = m_isEditing;
    m_isEditing = false;
    for (PairText* field : {m_promptField, m_chosen, m_rejected}) field->setEditable(false);
    m_promptField->hide();
    m_turns->show();
    for (Button* button : {m_edit, m_swap}) {
        button->show();
        button->setEnabled(m_pair.has_value());
    }
    for (Button* button : {m_accept, m_giveUp}) button->hide();
    if (wasEditing && m_pair) showSides();
    // Back to where it came from: the keys of the table act again.
    if (wasEditing && m_beforeEditing && QApplication::focusWidget() != nullptr &&
        isAncestorOf(QApplication::focusWidget()))
        m_beforeEditing->setFocus(Qt::OtherFocusReason);
}

}  // namespace preflab
