// SPDX-License-Identifier: GPL-3.0-or-later
// Rows that choose the method and the files of a run.
#include "ui/pages/train/source_rows.h"

#include "core/project/project_state.h"
#include "ui/models/app/number_text.h"
#include "ui/models/app/workspace.h"

#include <QSignalBlocker>

namespace preflab {
namespace {

QString nameOf(const std::filesystem::path& path)
{
    return QString::fromStdString(path.filename().string());
}

/// The first finding for that source that has to be solved or looked at.
const DraftFinding* findingOf(const TrainSetup& setup, const std::string& key)
{
    for (const DraftFinding& finding : setup.findings()) {
        if (finding.key == key && finding.kind == DraftFinding::Kind::Problem) return &finding;
    }
    return nullptr;
}

void showProblem(FormRow& row, const TrainSetup& setup, const std::string& key)
{
    const DraftFinding* finding = findingOf(setup, key);
    row.setError(finding ? finding->text : QString());
}

}  // namespace

QString parametersText(std::int64_t parameters)
{
    const auto count = static_cast<double>(parameters);
    if (parameters >= 1'000'000'000) return SourceBox::tr("%1 B").arg(figureText(count / 1e9, 3));
    if (parameters >= 1'000'000) return SourceBox::tr("%1 M").arg(figureText(count / 1e6, 4));
    return groupedText(parameters);
}

SourceBox::SourceBox(const QString& otherText, QWidget* parent) : ComboBox(parent), m_otherText(otherText)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setMinimumContentsLength(12);
    setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    connect(this, &QComboBox::activated, this, &SourceBox::take);
}

void SourceBox::setEntries(const std::vector<Entry>& entries, const std::filesystem::path& current)
{
    const QSignalBlocker quiet(this);
    m_entries = entries;
    m_current = -1;
    clear();
    for (std::size_t i = 0; i < entries.size(); ++i) {
        addItem(entries[i].text);
        setItemData(static_cast<int>(i), QString::fromStdString(entries[i].path.string()), Qt::ToolTipRole);
        if (entries[i].path == current) m_current = static_cast<int>(i);
    }
    addItem(m_otherText);
    setPlaceholderText(m_otherText);
    setCurrentIndex(m_current);
}

void SourceBox::take(int index)
{
    if (index < static_cast<int>(m_entries.size())) {
        m_current = index;
        Q_EMIT picked(m_entries[static_cast<std::size_t>(index)].path);
        return;
    }
    setCurrentIndex(m_current);
    Q_EMIT otherWanted();
}

MethodRow::MethodRow(RunDraft& draft, QWidget* parent) : FormRow(tr("Method"), new Segmented, {}, parent)
{
    auto* segments = static_cast<Segmented*>(editor());
    segments->setTall();
    for (const MethodChoice& choice : draft.choices()) {
        segments->addSegment(choice.id, choice.title);
        if (!choice.methods.empty() && !choice.isMatched())
            segments->segment(choice.id)->setToolTip(paramText(choice.methods.front().help));
    }
    addBeside(new QWidget, 1);
    segments->setCurrent(draft.choice().id);
    connect(segments, &Segmented::chosen, &draft, &RunDraft::setChoice);
    connect(&draft, &RunDraft::choiceChanged, this, [segments, &draft] { segments->setCurrent(draft.choice().id); });
}

ModelRow::ModelRow(TrainSetup& setup, FileChooser chooser, QWidget* parent)
    : FormRow(tr("Model"), new SourceBox(tr("Choose a folder…")), {}, parent), m_setup(setup),
      m_box(static_cast<SourceBox*>(editor()))
{
    m_box->setToolTip(tr("The model to train: a folder with config.json and safetensors."));
    connect(m_box, &SourceBox::picked, &setup.workspace(), &Workspace::openModel);
    connect(m_box, &SourceBox::otherWanted, this, [this, chooser = std::move(chooser)] {
        chooser(*this, FileQuestion::ModelFolder,
                [this](const std::filesystem::path& folder) { m_setup.workspace().openModel(folder); });
    });
    connect(&setup.draft(), &RunDraft::sourcesChanged, this, &ModelRow::takeDraft);
    connect(&setup, &TrainSetup::findingsChanged, this, [this] { showProblem(*this, m_setup, "model"); });
    takeDraft();
}

void ModelRow::takeDraft()
{
    const RunDraft& draft = m_setup.draft();
    std::vector<SourceBox::Entry> entries;
    if (!draft.model().empty()) {
        QString text = nameOf(draft.model());
        if (const auto& report = draft.modelReport()) {
            text = tr("%1  ·  %2, %3")
                       .arg(text, parametersText(report->parameters), QString::fromStdString(report->dtype).toLower());
        }
        entries.push_back({text, draft.model()});
    }
    m_box->setEntries(entries, draft.model());
    showProblem(*this, m_setup, "model");
}

DataRow::DataRow(TrainSetup& setup, FileChooser chooser, QWidget* parent)
    : FormRow(tr("Data"), new SourceBox(tr("Choose a file…")), {}, parent), m_setup(setup),
      m_box(static_cast<SourceBox*>(editor()))
{
    m_box->setToolTip(tr("The pairs to learn from, with your corrections: JSONL, JSON, CSV or Parquet."));
    connect(m_box, &SourceBox::picked, this, [this](const std::filesystem::path& path) {
        if (path != m_setup.draft().data().path) m_setup.workspace().openDataset(path);
    });
    connect(m_box, &SourceBox::otherWanted, this, [this, chooser = std::move(chooser)] {
        chooser(*this, FileQuestion::Pairs,
                [this](const std::filesystem::path& path) { m_setup.workspace().openDataset(path); });
    });
    connect(&setup.draft(), &RunDraft::changed, this, &DataRow::takeDraft);
    connect(&setup, &TrainSetup::findingsChanged, this, [this] { showProblem(*this, m_setup, "data"); });
    takeDraft();
}

void DataRow::takeDraft()
{
    const RunDraft& draft = m_setup.draft();
    const std::filesystem::path& current = draft.data().path;
    std::vector<SourceBox::Entry> entries;
    for (const std::filesystem::path& path : m_setup.workspace().state().datasets) {
        QString text = nameOf(path);
        if (path == current && draft.data().rows > 0) {
            const QString trained = groupedText(draft.trainedPairs());
            text = draft.heldOutPairs() > 0
                       ? tr("%1  ·  %2 train, %3 held out").arg(text, trained, groupedText(draft.heldOutPairs()))
                       : tr("%1  ·  %2 train").arg(text, trained);
        }
        entries.push_back({text, path});
    }
    m_box->setEntries(entries, current);
    showProblem(*this, m_setup, "data");
}

HeldOutRow::HeldOutRow(TrainSetup& setup, FileChooser chooser, QWidget* parent)
    : FormRow(tr("Held-out pairs"), new SourceBox(tr("Choose a file…")), {}, parent), m_setup(setup),
      m_box(static_cast<SourceBox*>(editor()))
{
    m_box->setToolTip(tr("Pairs that are only evaluated, to tell whether training helps."));
    connect(m_box, &SourceBox::picked, this, [this](const std::filesystem::path& path) {
        m_setup.draft().setEvalData(path.empty() ? std::nullopt : std::optional(path));
    });
    connect(m_box, &SourceBox::otherWanted, this, [this, chooser = std::move(chooser)] {
        chooser(*this, FileQuestion::Pairs,
                [this](const std::filesystem::path& path) { m_setup.draft().setEvalData(path); });
    });
    connect(&setup.draft(), &RunDraft::sourcesChanged, this, &HeldOutRow::takeDraft);
    takeDraft();
}

void HeldOutRow::takeDraft()
{
    const auto& own = m_setup.draft().evalData();
    std::vector<SourceBox::Entry> entries{{tr("A share of the data"), {}}};
    if (own) entries.push_back({nameOf(*own), *own});
    m_box->setEntries(entries, own.value_or(std::filesystem::path()));
}

}  // namespace preflab
