// SPDX-License-Identifier: GPL-3.0-or-later
// The checks before a start, from what is known without computing anything.
#include "ui/models/train/draft_checks.h"

#include "ui/models/app/error_text.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>

namespace preflab {
namespace {

using Kind = DraftFinding::Kind;

/// Makes the sentences.
class Checker {
    Q_DECLARE_TR_FUNCTIONS(preflab::DraftChecks)

public:
    Checker(const RunDraft& draft, const DraftFacts& facts) : m_draft(draft), m_facts(facts) {}

    std::vector<DraftFinding> run()
    {
        checkModel();
        checkData();
        checkSettings();
        checkLength();
        checkAnswers();
        checkHeldOut();
        checkMemory();
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
        const MethodChoice& choice = m_draft.choice();
        if (m_facts.dataError) {
            add(Kind::Problem, "data", errorText(*m_facts.dataError));
        } else if (data.path.empty()) {
            add(Kind::Problem, "data", tr("Choose the pairs to learn from: JSONL, JSON, CSV or Parquet."));
        } else if (!data.kind) {
            add(Kind::Problem, "data", tr("The data is being read; training can start in a moment."));
        } else if (choice.needsPairs && *data.kind != RowKind::Preference) {
            add(Kind::Problem, "data",
                tr("%1 learns from chosen and rejected answers, and this file has no rejected ones. Choose other data, "
                   "or "
                   "another method.")
                    .arg(choice.title));
        }
        if (data.kind && data.rows == 0) {
            add(Kind::Problem, "data", tr("Every pair was left out. Put some back to learn from.")).place =
                Destination{PageId::Data, {}, {}, {}};
        }
        if (m_facts.findings.badRows > 0) {
            const int rows = static_cast<int>(m_facts.findings.badRows);
            add(Kind::Warning, "data", tr("%Ln row(s) could not be read and are left out.", nullptr, rows)).place =
                Destination{PageId::Data, {}, {}, {}};
        }
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

    void checkLength()
    {
        const auto limit = m_draft.maxLength();
        if (!m_facts.truncation || !limit) return;
        const TruncationSummary& cut = *m_facts.truncation;
        const QString tokens = QLocale().toString(static_cast<qlonglong>(*limit));
        if (cut.shortened + cut.leftOut == 0) {
            add(Kind::Passed, "max_length",
                tr("No pair is cut: the longest has %1 tokens").arg(QLocale().toString(cut.longest)));
            return;
        }
        const DraftFinding::Remedy keepAll{tr("Keep all"), "max_length", QString::number(cut.longest)};
        if (cut.shortened > 0) {
            add(Kind::Warning, "max_length",
                tr("%Ln pair(s) are longer than %1 tokens; their ends are cut off.", nullptr,
                   static_cast<int>(cut.shortened))
                    .arg(tokens))
                .remedies = {keepAll};
        }
        if (cut.leftOut > 0) {
            add(Kind::Warning, "max_length",
                tr("%Ln pair(s) are left out: the prompt alone fills %1 tokens.", nullptr,
                   static_cast<int>(cut.leftOut))
                    .arg(tokens))
                .remedies = {keepAll};
        }
        if (cut.identical > 0) {
            add(Kind::Warning, "max_length",
                tr("%Ln pair(s) have two equal answers once they are cut, and teach nothing.", nullptr,
                   static_cast<int>(cut.identical)))
                .remedies = {keepAll};
        }
    }

    void checkAnswers()
    {
        if (!m_draft.choice().needsPairs || m_draft.data().kind != RowKind::Preference) return;
        const Destination data{PageId::Data, {}, {}, {}};
        if (m_facts.findings.identicalSides > 0) {
            add(Kind::Warning, "data",
                tr("%Ln pair(s) have two identical answers and teach no preference.", nullptr,
                   static_cast<int>(m_facts.findings.identicalSides)))
                .place = data;
        } else {
            add(Kind::Passed, "data", tr("No chosen answer is the same as its rejected answer"));
        }
        if (m_facts.findings.emptySides > 0) {
            add(Kind::Warning, "data",
                tr("%Ln pair(s) have an empty answer.", nullptr, static_cast<int>(m_facts.findings.emptySides)))
                .place = data;
        }
    }

    void checkHeldOut()
    {
        if (m_draft.data().rows == 0) return;
        const std::uint32_t held = m_draft.heldOutPairs();
        if (m_draft.evalData()) {
            add(Kind::Passed, "eval_fraction", tr("Held-out pairs come from a file of their own"));
        } else if (held > 0) {
            add(Kind::Passed, "eval_fraction",
                tr("%Ln pair(s) are held out, to tell whether training helps", nullptr, static_cast<int>(held)));
        } else {
            add(Kind::Warning, "eval_fraction", tr("No pairs are held out: nothing will tell whether training helped."))
                .remedies = {{tr("Hold out a tenth"), "eval_fraction", QStringLiteral("0.1")}};
        }
        const auto warmUp = m_draft.form().value("warmup_steps");
        const auto steps = m_draft.steps();
        const bool hasNone = m_draft.form().value("lr_scheduler_type") == ParamValue(std::string("constant"));
        if (warmUp && hasNone && std::get<double>(*warmUp) > 0.0) {
            add(Kind::Warning, "warmup_steps", tr("The schedule constant has no warm-up, as in TRL.")).remedies = {
                {tr("Warm up"), "lr_scheduler_type", QStringLiteral("constant_with_warmup")}};
        } else if (warmUp && steps && std::get<double>(*warmUp) >= static_cast<double>(*steps)) {
            add(Kind::Warning, "warmup_steps",
                tr("Warm-up lasts as long as the whole run of %Ln step(s): the learning rate is never reached.",
                   nullptr, static_cast<int>(*steps)));
        }
    }

    void checkMemory()
    {
        if (!m_facts.estimate) return;
        const Estimate& estimate = *m_facts.estimate;
        const QString needed =
            QLocale().formattedDataSize(static_cast<qint64>(estimate.memoryBytes), 1, QLocale::DataSizeSIFormat);
        const QString free =
            QLocale().formattedDataSize(static_cast<qint64>(estimate.availableBytes), 1, QLocale::DataSizeSIFormat);
        if (estimate.memoryBytes <= estimate.availableBytes) {
            add(Kind::Passed, "", tr("Fits in memory: %1 of %2").arg(needed, free));
            return;
        }
        DraftFinding& finding =
            add(Kind::Warning, "per_device_train_batch_size",
                tr("Needs about %1 of memory, and %2 are free. Use fewer pairs at once, or shorter ones.")
                    .arg(needed, free));
        const auto batch = m_draft.form().value("per_device_train_batch_size");
        if (batch && std::get<std::int64_t>(*batch) > 1) {
            const auto half = std::get<std::int64_t>(*batch) / 2;
            finding.remedies = {{tr("Use %1 pairs").arg(half), "per_device_train_batch_size", QString::number(half)}};
        }
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
