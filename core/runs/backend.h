// SPDX-License-Identifier: GPL-3.0-or-later
// The contract between engine and everybody else: plain structs, no torch. core_train implements it; FakeBackend
// serves tests. Verbs are blocking and run on the caller's thread; RunQueue (run_queue.h) gives them threads.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/base/schema.h"
#include "core/data/journal/edited_dataset.h"
#include "core/runs/run_control.h"
#include "core/runs/run_log.h"
#include "core/runs/run_spec.h"
#include "core/text/row_counts.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace preflab {

/// Where a metric belongs and what it means; made from the engine's tables.
struct MetricDescription {
    std::string key;  ///< TRL's name: "rewards/margins"
    std::string title;
    std::string unit;  ///< "nats", "nats per token", "share", ""
    std::string help;
    bool isHigherBetter = false;
};

/// A method or loss as the outside sees it.
struct ComponentDescription {
    enum class Kind { Method, Loss, Architecture };
    Kind kind = Kind::Method;
    std::string id;
    std::string title;
    std::string paper;  ///< "arXiv:2305.18290"
    std::string help;
    std::string recipe;  ///< methods: id of the recipe
    bool needsReference = false;
    std::vector<ParamSpec> params;           ///< the component's own parameters
    ParamValues defaults;                    ///< methods: defaults that differ from trainingParams()
    std::vector<MetricDescription> metrics;  ///< methods: what it logs
};

/// A model in words and numbers.
struct ModelReport {
    std::filesystem::path path;
    std::string architecture;
    std::int64_t parameters = 0;
    std::uint64_t weightBytes = 0;
    std::string dtype;  ///< as stored, "F32" or "BF16, F32"
    std::int64_t layers = 0, hiddenSize = 0, heads = 0, keyValueHeads = 0, intermediateSize = 0;
    std::int64_t vocabularySize = 0, maxPositions = 0;
    bool isHeadTied = false;
    std::string tokenizer;
    bool hasChatTemplate = false;  ///< the folder says how a dialogue becomes text
    std::string contentHash;
    std::string name;                ///< what people call it: "org/name" in a Hugging Face cache, else its folder
    std::vector<std::string> notes;  ///< what is odd about its files, as sentences
    struct Tensor {
        std::string name, dtype, shape;
        std::uint64_t bytes = 0;
        std::int64_t parameters = 0;
    };
    std::vector<Tensor> tensors;
};

/// Where the memory of a run goes at its peak, in bytes.
struct MemoryParts {
    std::uint64_t program = 0;  ///< code and libraries
    std::uint64_t weights = 0;
    std::uint64_t gradients = 0;
    std::uint64_t optimizer = 0;    ///< Adam's two moments
    std::uint64_t activations = 0;  ///< of a training batch, or of an evaluation's when those are larger
    std::uint64_t reference = 0;    ///< stored log-probs: policy and reference are never in memory together
    std::uint64_t total() const;
};

/// What a run will need.
struct Estimate {
    std::uint64_t memoryBytes = 0;  ///< predicted peak, evaluations included
    MemoryParts memory;             ///< what it consists of
    std::uint64_t availableBytes = 0;
    double secondsPerStep = 0.0;  ///< from one timed step
    std::int64_t steps = 0;
    double totalSeconds = 0.0;
    std::uint32_t pairs = 0;
    std::uint64_t droppedRows = 0;
};

/// Where a run may write.
struct RunFolders {
    std::filesystem::path run;    ///< checkpoints go below it
    std::filesystem::path cache;  ///< converted data, tokens, reference log-probs
};

/// Datasets that are open already, each with its edits.
using OpenedData = std::vector<std::shared_ptr<const EditedDataset>>;

/// How a run comes to its rows.
struct RunData {
    EditSource editsOf = {};  ///< of the datasets that it opens
    OpenedData opened = {};   ///< those that it need not open, with the same edits
};

/// Why a generated text ends where it does.
enum class GenerationEnd {
    EndToken,      ///< the model ended it
    TokenLimit,    ///< maxNewTokens
    ModelLimit,    ///< the model reads no more tokens than prompt and answer have
    StoppedBySink  ///< whoever took the text wanted no more
};

/// A text to continue.
struct GenerateRequest {
    std::filesystem::path model;
    std::string prompt;
    std::int64_t maxNewTokens = 128;
    double temperature = 0.0;  ///< 0: greedy
    std::int64_t topK = 0;     ///< 0: all
    double topP = 1.0;
    std::uint64_t seed = 42;
    std::string dtype = "float32";
    std::int64_t threads = 0;
    std::function<void(GenerationEnd)> onEnd = {};  ///< called once, behind the last text; not after an error
};
/// Called for every new token with the text that it completes, which may be empty; return false to stop.
using GenerateSink = std::function<bool(std::string_view text)>;

/// Pairs to score under a model, with rewards against a reference where one is named.
struct ScoreRequest {
    std::filesystem::path model;
    std::optional<std::filesystem::path> reference;
    std::filesystem::path data;
    ColumnMapping columns = {};  ///< by which `data` is read
    std::filesystem::path cacheFolder;
    EditSource editsOf = {};  ///< pairs are scored as they are now, without those that were left out
    double beta = 0.1;
    std::int64_t batchSize = 8;
    std::string dtype = "float32";
    std::int64_t threads = 0;
    RecipeOptions recipe;
    const ChatTemplate* chatTemplate = &defaultChatTemplate();  ///< writes message lists
    std::string recipeId = "dpo";                               ///< how rows become tokens: a recipe with both sides
    std::optional<std::uint32_t> limit;  ///< at most so many usable pairs, evenly drawn; none: all
};
/// Log-probs of one pair in nats, by the request's recipe.
struct PairScore {
    std::uint32_t row = 0;           ///< index among loadable rows
    std::uint64_t sourceNumber = 0;  ///< line or record in the source
    std::int64_t chosenTokens = 0, rejectedTokens = 0;
    double chosenLogProb = 0.0, rejectedLogProb = 0.0;  ///< summed over the completion
    std::optional<double> referenceChosenLogProb, referenceRejectedLogProb;
    std::optional<double> chosenReward, rejectedReward, margin;  ///< beta x log-ratio
    double logOdds = 0.0;  ///< ORPO's: log(odds(chosen) / odds(rejected)), both per token

    /// DPO's margin before beta, where `curve` takes it: log-ratio of chosen minus that of rejected.
    std::optional<double> logRatioMargin() const;
};
using ScoreSink = std::function<void(const PairScore&)>;

/// A golden run to repeat.
struct ParityRequest {
    std::filesystem::path golden;
    std::filesystem::path model;
    std::int64_t threads = 1;
};
/// Largest deviation of one kind of number from the golden's.
struct ParityRow {
    std::string metric;
    double largestDeviation = 0.0;  ///< absolute
    double largestRelative = 0.0;
    std::string tolerance;  ///< "2e-5 relative + 2e-6"
    std::int64_t worstStep = 0;
    bool isWithin = false;
};
/// How a repeated golden run compares with the recorded one.
struct ParityReport {
    std::string name;
    std::string dtype;
    std::int64_t steps = 0;
    std::vector<ParityRow> rows;
    bool isWithin() const;
};

/// The engine's verbs.
class Backend {
public:
    virtual ~Backend() = default;
    /// Methods, losses and architectures with their parameters.
    virtual std::vector<ComponentDescription> describeComponents() const = 0;
    virtual Result<ModelReport> inspectModel(const std::filesystem::path& path) const = 0;
    /// Memory from the model and batch, time from one timed step on the run's own first batch.
    virtual Result<Estimate> estimate(const RunSpec& spec, const RunFolders& folders, const RunData& data,
                                      const ProgressSink& progress, std::stop_token stop) = 0;
    /// The method's loss of one pair at given margins, in double: for the log-ratio margin before beta (DPO), or
    /// the part of the loss that the log-odds cause, lambda included (ORPO). WrongUse for methods without pairs.
    virtual Result<std::vector<double>> curve(const std::string& method, const ParamValues& params,
                                              const std::vector<double>& margins) const = 0;
    /// One whole run on the calling thread. Never throws; everything it has to say goes into `log`, except the
    /// outcome, which is returned.
    virtual Outcome train(const RunSpec& spec, const RunFolders& folders, const RunData& data, RunControl& control,
                          RunLog& log) = 0;
    virtual Result<> generate(const GenerateRequest& request, const GenerateSink& sink, std::stop_token stop) = 0;
    /// Hands the scores to `sink` in file order; what became of the data's rows comes back.
    virtual Result<RowCounts> score(const ScoreRequest& request, const ScoreSink& sink, const ProgressSink& progress,
                                    std::stop_token stop) = 0;
    virtual Result<ParityReport> parity(const ParityRequest& request, std::stop_token stop) = 0;
};

}  // namespace preflab
