// SPDX-License-Identifier: GPL-3.0-or-later
// Summary, differences, checks at the left; YAML or command line at the right.
#include "ui/pages/train/review_panel.h"

#include "core/base/atomic_file.h"
#include "ui/models/app/background.h"
#include "ui/models/app/error_text.h"
#include "ui/models/app/number_text.h"
#include "ui/models/train/draft_text.h"
#include "ui/pages/train/source_rows.h"
#include "ui/theme/theme.h"
#include "ui/widgets/blocks.h"
#include "ui/widgets/button.h"
#include "ui/widgets/choices.h"
#include "ui/widgets/labels.h"

#include <QClipboard>
#include <QFileDialog>
#include <QGridLayout>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QtConcurrent>
#include <QTextBlock>
#include <QVBoxLayout>

namespace preflab {
namespace {

Button* makeLink(const QString& text)
{
    auto* button = new Button(text, Button::Kind::Bare);
    button->setDense();
    return button;
}

}  // namespace

ReviewPanel::ReviewPanel(TrainSetup& setup, QWidget* parent) : QWidget(parent), m_setup(setup)
{
    const Theme& theme = currentTheme();
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(theme.px(14));
    auto* left = new QVBoxLayout;
    left->setSpacing(theme.px(14));
    left->addWidget(makeSummary());
    left->addWidget(makeDifferences());
    left->addWidget(makeChecks(), 1);
    row->addLayout(left, 58);
    row->addWidget(makeText(), 42);
    connect(&setup, &TrainSetup::findingsChanged, this, &ReviewPanel::takeFindings);
    connect(&setup.draft(), &RunDraft::changed, this, &ReviewPanel::takeDraft);
    takeDraft();
    takeFindings();
}

QWidget* ReviewPanel::makeSummary()
{
    const Theme& theme = currentTheme();
    auto* card = new Card;
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(theme.px(12));
    grid->setVerticalSpacing(theme.px(8));
    grid->setColumnMinimumWidth(0, theme.px(92));
    grid->setColumnStretch(1, 1);
    addSummaryRow(*grid, "model", tr("Model"));
    addSummaryRow(*grid, "data", tr("Data"));
    addSummaryRow(*grid, "method", tr("Method"));
    addSummaryRow(*grid, "num_train_epochs", tr("Length"));
    m_name = new QLineEdit;
    setLook(*m_name, "dense", true);
    m_name->setToolTip(tr("What the run is called in lists."));
    auto* label = makeLabel(tr("Name"), "", "muted");
    label->setBuddy(m_name);
    m_name->setAccessibleName(tr("Name"));
    grid->addWidget(label, grid->rowCount(), 0);
    grid->addWidget(m_name, grid->rowCount() - 1, 1);
    connect(m_name, &QLineEdit::textEdited, &m_setup.draft(), &RunDraft::setName);
    card->body().addLayout(grid);
    return card;
}

void ReviewPanel::addSummaryRow(QGridLayout& grid, const std::string& key, const QString& title)
{
    const int row = grid.rowCount();
    QLabel* text = makeLabel({});
    text->setWordWrap(true);
    m_summary.insert(QString::fromStdString(key), text);
    Button* change = makeLink(tr("Change"));
    change->setAccessibleName(tr("Change: %1").arg(title));
    grid.addWidget(makeLabel(title, "", "muted"), row, 0);
    grid.addWidget(text, row, 1);
    grid.addWidget(change, row, 2);
    connect(change, &QPushButton::clicked, this, [this, key] { Q_EMIT changeWanted(key); });
}

QWidget* ReviewPanel::makeDifferences()
{
    auto* card = new Card(tr("Differs from the defaults"));
    m_count = new Badge({});
    m_resetAll = makeLink(tr("Reset all"));
    card->addToTitle(m_count);
    card->addToTitle(m_resetAll);
    connect(m_resetAll, &QPushButton::clicked, &m_setup.draft(), &RunDraft::resetAll);
    m_differences = new QGridLayout;
    m_differences->setColumnStretch(0, 1);
    m_differences->setHorizontalSpacing(currentTheme().px(20));
    m_differences->setVerticalSpacing(currentTheme().px(4));
    card->body().addLayout(m_differences);
    return card;
}

QWidget* ReviewPanel::makeChecks()
{
    auto* card = new Card(tr("Checks"));
    m_checked = makeLabel({}, "small", "muted");
    card->addToTitle(m_checked);
    m_checks = new QVBoxLayout;
    m_checks->setSpacing(currentTheme().px(8));
    card->body().addLayout(m_checks);
    card->body().addStretch(1);
    return card;
}

QWidget* ReviewPanel::makeText()
{
    auto* card = new Card;
    m_kind = new Segmented;
    m_kind->addSegment(QStringLiteral("yaml"), tr("TRL YAML"));
    m_kind->addSegment(QStringLiteral("command"), tr("Command line"));
    m_kind->setCurrent(QStringLiteral("yaml"));
    m_kind->setAccessibleName(tr("Shown as"));
    auto* copy = new Button(tr("Copy"), QStringLiteral("copy"), Button::Kind::Bare);
    auto* save = new Button(tr("Save"), QStringLiteral("save"), Button::Kind::Bare);
    copy->setDense();
    save->setDense();
    auto* row = new QHBoxLayout;
    row->addWidget(m_kind);
    row->addStretch(1);
    row->addWidget(copy);
    row->addWidget(save);
    m_text = new QPlainTextEdit;
    m_text->setReadOnly(true);
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setProperty("role", QStringLiteral("code"));
    m_text->setAccessibleName(tr("The run as text"));
    m_text->setMinimumHeight(currentTheme().px(200));
    card->body().addLayout(row);
    card->body().addWidget(m_text, 1);
    connect(m_kind, &Segmented::chosen, this, &ReviewPanel::takeText);
    connect(copy, &QPushButton::clicked, this, [this] {
        QGuiApplication::clipboard()->setText(m_text->toPlainText());
        Q_EMIT noticed(isYaml() ? tr("YAML copied.") : tr("Command line copied."));
    });
    connect(save, &QPushButton::clicked, this, &ReviewPanel::save);
    return card;
}

bool ReviewPanel::isYaml() const
{
    return m_kind->current() == QLatin1String("yaml");
}

void ReviewPanel::takeDraft()
{
    const RunDraft& draft = m_setup.draft();
    const auto nameOf = [](const std::filesystem::path& path) {
        return path.empty() ? tr("none yet") : QString::fromStdString(path.filename().string());
    };
    const auto& report = draft.modelReport();
    m_summary[QStringLiteral("model")]->setText(report ? tr("%1 · %2, %3")
                                                             .arg(nameOf(draft.model()),
                                                                  parametersText(report->parameters),
                                                                  QString::fromStdString(report->dtype).toLower())
                                                       : nameOf(draft.model()));
    const QString held = draft.evalData() ? tr("held out: %1").arg(nameOf(*draft.evalData()))
                                          : tr("%1 held out").arg(groupedText(draft.heldOutPairs()));
    m_summary[QStringLiteral("data")]->setText(
        tr("%1 · %2 train, %3").arg(nameOf(draft.data().path), groupedText(draft.trainedPairs()), held));
    QStringList settings{draft.choice().title};
    for (const ParamField& field : draft.form().fields()) {
        if (field.spec.group == paramGroups().front() && !field.spec.isAdvanced)
            settings << tr("%1 %2").arg(field.label().toLower(), field.text);
    }
    m_summary[QStringLiteral("method")]->setText(settings.join(QStringLiteral(" · ")));
    const auto steps = draft.steps();
    const ParamField* every = draft.form().field("eval_steps");
    m_summary[QStringLiteral("num_train_epochs")]->setText(
        tr("%1 steps · evaluation every %2")
            .arg(steps ? groupedText(*steps) : tr("unknown"), every ? every->text : QString()));
    m_name->setPlaceholderText(draft.suggestedName());
    if (m_name->text() != draft.name()) m_name->setText(draft.name());
    takeDifferences();
    takeText();
}

void ReviewPanel::takeDifferences()
{
    const std::vector<DraftDifference> all = m_setup.draft().differences();
    clearLayout(*m_differences);
    m_count->setText(QString::number(all.size()));
    m_resetAll->setVisible(!all.empty());
    if (all.empty()) {
        m_differences->addWidget(makeLabel(tr("Nothing: every setting has its default."), "small", "muted"), 0, 0);
        return;
    }
    m_differences->addWidget(makeLabel(tr("Setting"), "small", "secondary"), 0, 0);
    m_differences->addWidget(makeLabel(tr("Default"), "small", "secondary"), 0, 1, Qt::AlignRight);
    m_differences->addWidget(makeLabel(tr("This run"), "small", "secondary"), 0, 2, Qt::AlignRight);
    for (std::size_t i = 0; i < all.size(); ++i) {
        const int row = static_cast<int>(i) + 1;
        m_differences->addWidget(makeLabel(all[i].label), row, 0);
        m_differences->addWidget(makeLabel(all[i].defaultText, "mono", "muted"), row, 1, Qt::AlignRight);
        m_differences->addWidget(makeLabel(all[i].text, "mono"), row, 2, Qt::AlignRight);
        auto* reset = new Button({}, QStringLiteral("undo"), Button::Kind::Bare);
        reset->setDense();
        reset->setAccessibleName(tr("Reset %1").arg(all[i].label));
        reset->setToolTip(tr("Puts back the default, %1.").arg(all[i].defaultText));
        m_differences->addWidget(reset, row, 3);
        // Later: the reset rebuilds these rows, the pressed button with them.
        connect(
            reset, &QPushButton::clicked, this, [this, key = all[i].key] { m_setup.draft().form().reset(key); },
            Qt::QueuedConnection);
    }
}

void ReviewPanel::takeFindings()
{
    clearLayout(*m_checks);
    const auto& findings = m_setup.findings();
    const int passed = countOf(findings, DraftFinding::Kind::Passed);
    const int others = static_cast<int>(findings.size()) - passed;
    m_checked->setText(others == 0 ? tr("%n passed", nullptr, passed)
                                   : tr("%1 passed, %2 to look at").arg(passed).arg(others));
    for (const DraftFinding& finding : findings) addFinding(finding);
}

void ReviewPanel::addFinding(const DraftFinding& finding)
{
    const bool isPassed = finding.kind == DraftFinding::Kind::Passed;
    const bool isProblem = finding.kind == DraftFinding::Kind::Problem;
    const char* tone = isPassed ? "ok" : isProblem ? "danger" : "warning";
    auto* row = new QHBoxLayout;
    row->setSpacing(currentTheme().px(8));
    row->addWidget(new IconLabel(isPassed    ? QStringLiteral("check")
                                 : isProblem ? QStringLiteral("error")
                                             : QStringLiteral("warn"),
                                 QLatin1String(tone), 16),
                   0, Qt::AlignTop);
    QLabel* text = makeLabel(finding.text, "small", isPassed ? "secondary" : "");
    text->setWordWrap(true);
    row->addWidget(text, 1);
    for (const DraftFinding::Remedy& remedy : finding.remedies) {
        auto* button = new Button(remedy.label);
        button->setDense();
        row->addWidget(button);
        connect(
            button, &QPushButton::clicked, this,
            [this, remedy] { m_setup.draft().form().setText(remedy.key, remedy.text); }, Qt::QueuedConnection);
    }
    if (finding.place) {
        Button* show = makeLink(tr("Show"));
        row->addWidget(show);
        connect(show, &QPushButton::clicked, this, [this, place = *finding.place] { Q_EMIT placeWanted(place); });
    }
    if (isProblem) {
        Button* change = makeLink(tr("Change"));
        row->addWidget(change);
        connect(change, &QPushButton::clicked, this, [this, key = finding.key] { Q_EMIT changeWanted(key); });
    }
    m_checks->addLayout(row);
}

void ReviewPanel::takeText()
{
    const QList<DraftLine> lines = isYaml() ? trlYaml(m_setup.draft()) : commandLines(m_setup.draft());
    const QString text = joined(lines);
    if (m_text->toPlainText() != text) m_text->setPlainText(text);
    QList<QTextEdit::ExtraSelection> marks;
    for (qsizetype i = 0; i < lines.size(); ++i) {
        if (!lines[i].isDifferent) continue;
        QTextEdit::ExtraSelection mark;
        mark.cursor = QTextCursor(m_text->document()->findBlockByNumber(static_cast<int>(i)));
        mark.format.setBackground(currentTheme().bgSelected);
        mark.format.setProperty(QTextFormat::FullWidthSelection, true);
        marks << mark;
    }
    m_text->setExtraSelections(marks);
}

void ReviewPanel::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_text) takeText();
}

void ReviewPanel::save()
{
    const QString suggested =
        m_setup.draft().suggestedName() + (isYaml() ? QStringLiteral(".yaml") : QStringLiteral(".sh"));
    auto* dialog = new QFileDialog(this, tr("Save as"));
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->selectFile(suggested);
    connect(dialog, &QFileDialog::fileSelected, this,
            [this, text = m_text->toPlainText().toStdString()](const QString& file) {
                whenDone(QtConcurrent::run([path = std::filesystem::path(file.toStdString()), text] {
                             return writeFileAtomically(path, text);
                         }),
                         this, [this, file](const Result<>& written) {
                             Q_EMIT noticed(written ? tr("Saved as %1.").arg(file) : errorText(written.error()));
                         });
            });
    dialog->open();
}

}  // namespace preflab
