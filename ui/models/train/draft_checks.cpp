// SPDX-License-Identifier: GPL-3.0-or-later
// Words for the checks of core, and what only the window knows: what is being read, and fields with errors.
#include "ui/models/train/draft_checks.h"

#include "ui/models/app/error_text.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>

namespace preflab {
namespace {

using Kind = DraftFinding::Kind;
using Code = StartCheck::Code;

Kind kindOf(StartCheck::Kind kind)
{
    switch (kind) {
    case StartCheck::Kind::Problem:
        return Kind::Problem;
    case StartCheck::Kind::Warning:
        return Kind::Warning;
    case StartCheck::Kind::Passed:
        return Kind::Passed;
    }
    return Kind::Problem;
}

/// What core's checks need to know of the draft.
StartFacts factsOf(const RunDraft& draft, const DraftFacts& facts)
{
    StartFacts known;
    known.method = draft.choice().title.toStdString();
    known.needsPairs = draft.choice().needsPairs;
    if (!facts.dataError) known.dataKind = draft.data().kind;
    known.rows = draft.data().rows;
    known.findings = facts.findings;
    known.openVotes = facts.openVotes;
    known.maxLength = draft.maxLength();
    known.truncation = facts.truncation;
    known.hasEvalData = draft.evalData().has_value();
    known.heldOut = draft.heldOutPairs();
    const ParamFormModel& form = draft.form();
    if (const auto schedule = form.value("lr_scheduler_type")) known.schedule = std::get<std::string>(*schedule);
    if (const auto warmUp = form.value("warmup_steps")) known.warmupSteps = std::get<double>(*warmUp);
    known.steps = draft.steps();
    if (const auto batch = form.value("per_device_train_batch_size")) known.batchSize = std::get<std::int64_t>(*batch);
    known.estimate = facts.estimate;
    return known;
}

QString dataSize(std::uint64_t bytes)
{
    return QLocale().formattedDataSize(static_cast<qint64>(bytes), 1, QLocale::DataSizeSIFormat);
}

/// Makes the sentences.
class Checker {
    Q_DECLARE_TR_FUNCTIONS(preflab::DraftChecks)

public:
    Checker(const RunDraft& draft, const DraftFacts& facts) : m_draft(draft), m_facts(facts) {}

    std::vector<DraftFinding> run()
    {
        const std::vector<StartCheck> checks = startChecks(factsOf(m_draft, m_facts));
        checkModel();
        checkData();
        for (const StartCheck& check : checks)
            if (check.key == "data") add(check);
        checkSettings();
        for (const StartCheck& check : checks)
            if (check.key != "data") add(check);
        std::stable_sort(m_all.begin(), m_all.end(),
                         [](const DraftFinding& left, const DraftFinding& right) { return left.kind < right.kind; });
        return std::move(m_all);
    }

private:
    DraftFinding& add(Kind kind, const char* key, const QString& text)
    {
        m_all.push_back({kind, key, text, {}, {}});
        return m_all.back();
    }

    void add(const StartCheck& check)
    {
        QString text = dataText(check);
        if (text.isEmpty()) text = lengthText(check);
        if (text.isEmpty()) text = settingText(check);
        DraftFinding& finding = add(kindOf(check.kind), check.key.c_str(), text);
        for (const StartCheck::Remedy& remedy : check.remedies)
            finding.remedies.push_back(
                {remedyText(check.code, remedy.text), remedy.key, QString::fromStdString(remedy.text)});
        const bool isOfPairs = check.code == Code::EveryRowLeftOut || check.code == Code::RowsUnreadable ||
                               check.code == Code::IdenticalSides || check.code == Code::EmptySides;
        if (isOfPairs) finding.place = Destination{PageId::Data, {}, {}, {}};
        if (check.code == Code::VotesOpen)
            finding.place = Destination{PageId::Data, QStringLiteral("annotate"), {}, {}};
    }

    static QString remedyText(Code code, const std::string& value)
    {
        if (code == Code::NothingHeldOut) return tr("Hold out a tenth");
        if (code == Code::NoWarmUp) return tr("Warm up");
        if (code == Code::TooLargeForMemory) return tr("Use %1 pairs").arg(QString::fromStdString(value));
        return tr("Keep all");
    }

    static QString dataText(const StartCheck& check)
    {
        const int count = static_cast<int>(check.count);
        switch (check.code) {
        case Code::NeedsPairs:
            return tr("%1 learns from chosen and rejected answers, and this file has no rejected ones. Choose other "
                      "data, or "
                      "another method.")
                .arg(QString::fromStdString(check.method));
        case Code::EveryRowLeftOut:
            return tr("Every pair was left out. Put some back to learn from.");
        case Code::RowsUnreadable:
            return tr("%Ln row(s) could not be read and are left out.", nullptr, count);
        case Code::VotesOpen:
            return tr("%Ln vote(s) not applied; training takes pairs as they stand.", nullptr, count);
        case Code::IdenticalSides:
            return tr("%Ln pair(s) have two identical answers and teach no preference.", nullptr, count);
        case Code::NoIdenticalSides:
            return tr("No chosen answer is the same as its rejected answer");
        case Code::EmptySides:
            return tr("%Ln pair(s) have an empty answer.", nullptr, count);
        default:
            return {};
        }
    }

    static QString lengthText(const StartCheck& check)
    {
        const int count = static_cast<int>(check.count);
        const QString tokens = QLocale().toString(static_cast<qlonglong>(check.limit));
        switch (check.code) {
        case Code::NothingCut:
            return tr("No pair is cut: the longest has %1 tokens")
                .arg(QLocale().toString(static_cast<qulonglong>(check.count)));
        case Code::Shortened:
            return tr("%Ln pair(s) are longer than %1 tokens; their ends are cut off.", nullptr, count).arg(tokens);
        case Code::PromptFills:
            return tr("%Ln pair(s) are left out: the prompt alone fills %1 tokens.", nullptr, count).arg(tokens);
        case Code::EqualOnceCut:
            return tr("%Ln pair(s) have two equal answers once they are cut, and teach nothing.", nullptr, count);
        default:
            return {};
        }
    }

    static QString settingText(const StartCheck& check)
    {
        const int count = static_cast<int>(check.count);
        switch (check.code) {
        case Code::HeldOutFile:
            return tr("Held-out pairs come from a file of their own");
        case Code::HeldOutShare:
            return tr("%Ln pair(s) are held out, to tell whether training helps", nullptr, count);
        case Code::NothingHeldOut:
            return tr("Nothing is held out, so nothing will tell whether training helped.");
        case Code::NoWarmUp:
            return tr("The schedule constant has no warm-up, as in TRL.");
        case Code::WarmUpTooLong:
            return tr("Warm-up lasts as long as the whole run of %Ln step(s): the learning rate is never reached.",
                      nullptr, count);
        case Code::FitsInMemory:
            return tr("Fits in memory: %1 of %2").arg(dataSize(check.count), dataSize(check.limit));
        case Code::TooLargeForMemory:
            return tr("Needs about %1 of memory, and %2 are free. Use fewer pairs at once, or shorter ones.")
                .arg(dataSize(check.count), dataSize(check.limit));
        default:
            return {};
        }
    }

    void checkModel()
    {
        if (m_facts.modelError) {
            add(Kind::Problem, "model", errorText(*m_facts.modelError));
        } else if (m_draft.model().empty()) {
            add(Kind::Problem, "model", tr("Choose the model to train: a folder with config.json and safetensors."));
        } else if (!m_draft.modelReport()) {
            add(Kind::Problem, "model", tr("The model is being read; training can start in a moment."));
        } else {
            add(Kind::Passed, "model", tr("The model can be read and trained"));
        }
    }

    void checkData()
    {
        const DraftData& data = m_draft.data();
        if (m_facts.dataError)
            add(Kind::Problem, "data", errorText(*m_facts.dataError));
        else if (data.path.empty())
            add(Kind::Problem, "data", tr("Choose the pairs to learn from: JSONL, JSON, CSV or Parquet."));
        else if (!data.kind)
            add(Kind::Problem, "data", tr("The data is being read; training can start in a moment."));
    }

    void checkSettings()
    {
        bool isInRange = true;
        for (const ParamField& field : m_draft.form().fields()) {
            if (field.error.isEmpty()) continue;
            add(Kind::Problem, field.spec.key.c_str(), field.error);
            isInRange = false;
        }
        const std::vector<RunSpec> specs = m_draft.specs();
        for (std::size_t i = 0; isInRange && i < specs.size(); ++i) {
            const ComponentDescription& method = m_draft.choice().methods[i];
            const auto completed = completeParams(specs[i].params, method.id, method.params, method.defaults);
            if (completed) continue;
            Error error = completed.error();
            const std::string key = error.arguments["key"];
            if (const ParamField* field = m_draft.form().field(key))
                error.arguments["key"] = field->label().toStdString();
            add(Kind::Problem, key.c_str(), errorText(error));
            isInRange = false;
        }
        if (isInRange) add(Kind::Passed, "", tr("Every setting is in range"));
    }

    const RunDraft& m_draft;
    const DraftFacts& m_facts;
    std::vector<DraftFinding> m_all;
};

}  // namespace

std::vector<DraftFinding> checkDraft(const RunDraft& draft, const DraftFacts& facts)
{
    return Checker(draft, facts).run();
}

int countOf(const std::vector<DraftFinding>& findings, DraftFinding::Kind kind)
{
    return static_cast<int>(
        std::count_if(findings.begin(), findings.end(), [kind](const DraftFinding& one) { return one.kind == kind; }));
}

}  // namespace preflab
