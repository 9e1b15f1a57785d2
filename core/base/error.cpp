// SPDX-License-Identifier: GPL-3.0-or-later
// The one table of error codes: id, sentence, exit code.
#include "core/base/error.h"

#include "core/base/printable.h"
#include "core/base/shell_word.h"

#include <iterator>

namespace preflab {
namespace {

constexpr int kFailed = 1;
constexpr int kUnusable = 2;
constexpr int kStopped = 130;

struct ErrorInfo {
    ErrorCode code;
    std::string_view id;
    std::string_view sentence;
    int exitCode;
};

constexpr ErrorInfo kErrors[] = {
    {ErrorCode::FileNotFound, "file-not-found",
     "{path} does not exist; check the spelling and the folder it should be in.", kUnusable},
    {ErrorCode::FileUnreadable, "file-unreadable", "{path} cannot be read: {reason}; {remedy}.", kUnusable},
    {ErrorCode::NotARegularFile, "not-a-regular-file",
     "{path} is a folder, a device or a pipe; give the path of an ordinary file.", kUnusable},
    {ErrorCode::FileChanged, "file-changed",
     "{path} was changed by another program while it was being read; try again when nothing writes to it.", kFailed},
    {ErrorCode::WriteFailed, "write-failed",
     "{path} could not be written: {reason}; what was there before is unchanged, so {remedy}.", kFailed},
    {ErrorCode::DiskFull, "disk-full",
     "The disk of {path} has {free} free, but {needed} are needed; make room or choose a folder on another disk.",
     kFailed},

    {ErrorCode::NoModelConfig, "no-model-config",
     "{path} is not a model folder because it holds no config.json; give the folder that holds config.json, "
     "model.safetensors and the tokenizer.",
     kUnusable},
    {ErrorCode::NoWeights, "no-weights",
     "{path} holds no model.safetensors and no model.safetensors.index.json; add the model's safetensors files.",
     kUnusable},
    {ErrorCode::PickleWeights, "pickle-weights",
     "{path} is a pickle or TorchScript file, which can run code when opened; convert the model with "
     "save_pretrained(..., safe_serialization=True) and give the folder with the safetensors file.",
     kUnusable},
    {ErrorCode::WeightsInvalid, "weights-invalid",
     "{path} is not a valid safetensors file at {where}: {reason}; download or export it again.", kUnusable},
    {ErrorCode::WeightsMismatch, "weights-mismatch",
     "The weights in {path} do not fit config.json at tensor {tensor}: found {found}, expected {expected}; use the "
     "config.json that belongs to these weights.",
     kUnusable},
    {ErrorCode::ConfigInvalid, "config-invalid",
     "{path} is not usable at {key}: {reason}; correct the file or download it again.", kUnusable},
    {ErrorCode::ConfigUnsupported, "config-unsupported",
     "{path} sets {key} to {value}, which may change what the model computes and is not supported; choose a model "
     "without it, or remove the key if you know that it changes nothing.",
     kUnusable},
    {ErrorCode::UnknownArchitecture, "unknown-architecture",
     "The model in {path} is of the kind {found}, which is not supported; use one of: {supported}.", kUnusable},
    {ErrorCode::NoTokenizer, "no-tokenizer",
     "{path} holds no tokenizer that PrefLab can read; add the model's tokenizer.model (SentencePiece).", kUnusable},
    {ErrorCode::TokenizerInvalid, "tokenizer-invalid",
     "The tokenizer {path} is not usable: {reason}; download it again from where the model came from.", kUnusable},
    {ErrorCode::TokenizerTooLarge, "tokenizer-too-large",
     "The tokenizer in {path} has {pieces} pieces, but the embedding has only {rows} rows; use the tokenizer that "
     "belongs to these weights.",
     kUnusable},
    {ErrorCode::TextNotTokenisable, "text-not-tokenisable",
     "The text cannot be turned into tokens: {reason}; correct the text.", kUnusable},

    {ErrorCode::UnknownDataFormat, "unknown-data-format",
     "{path} is in no format that PrefLab reads; give a JSON Lines, JSON, CSV or Parquet file.", kUnusable},
    {ErrorCode::DataInvalid, "data-invalid",
     "{path} is not usable at {where}: {reason}; correct or remove this part of the file.", kUnusable},
    {ErrorCode::WrongColumns, "wrong-columns",
     "{path} has the columns {found}, but {expected} are needed; rename the columns, say with --map which they are, "
     "or choose another file.",
     kUnusable},
    {ErrorCode::EmptyDataset, "empty-dataset", "{path} holds no rows; choose a file with at least one row.", kUnusable},
    {ErrorCode::NoUsableRows, "no-usable-rows",
     "No row of {path} can be used, of {rows} in all: {reason}; correct the rows or choose another file.", kUnusable},
    {ErrorCode::NoAnswerLeft, "no-answer-left",
     "--max-length {max_length} leaves no token of an answer in any row, of {rows} in all; set it above {shortest}, "
     "the "
     "shortest prompt.",
     kUnusable},
    {ErrorCode::ConversionFailed, "conversion-failed", "{path} could not be converted to rows: {reason}.", kUnusable},

    {ErrorCode::UnknownMethod, "unknown-method", "There is no training method called {found}; use one of: {supported}.",
     kUnusable},
    {ErrorCode::UnknownParameter, "unknown-parameter",
     "{method} has no setting called {key}; --help lists the settings of each method.", kUnusable},
    {ErrorCode::ParameterOutOfRange, "parameter-out-of-range",
     "{key} is {value}, but must be {range}; change this setting.", kUnusable},
    {ErrorCode::ParameterNotANumber, "parameter-not-a-number",
     "{key} is \"{value}\", which is not a number; give a number such as 0.1 or 5e-7.", kUnusable},
    {ErrorCode::WrongUse, "wrong-use", "{reason}; see --help for the way to call this command.", kUnusable},
    {ErrorCode::TooLittleMemory, "too-little-memory",
     "This needs about {needed} of memory, but only {free} are free; {remedy}.", kFailed},

    {ErrorCode::ProjectReadOnly, "project-read-only",
     "The project {path} cannot be written to; permit writing or choose another folder with --project.", kUnusable},
    {ErrorCode::ProjectLocked, "project-locked",
     "The project {path} is in use by {owner}; close it there or choose another folder with --project.", kFailed},
    {ErrorCode::ProjectTooNew, "project-too-new",
     "The project {path} was written by a newer PrefLab (format {found}, this one reads up to {supported}); update "
     "PrefLab to open it.",
     kUnusable},
    {ErrorCode::ProjectInvalid, "project-invalid",
     "The project {path} cannot be opened: {reason}; restore it from a backup or choose another folder.", kUnusable},
    {ErrorCode::SourceChanged, "source-changed",
     "{path} is no longer the file that was opened; open it again to see what changed, then start the run.", kUnusable},
    {ErrorCode::RunNotFound, "run-not-found",
     "The project {project} has no run {run}; list its runs with \"preflab-cli runs list --project {project}\".",
     kUnusable},
    {ErrorCode::LossNotFinite, "loss-not-finite",
     "Training stopped at step {step} because {what} is not a finite number; lower the learning rate and start again, "
     "the last good state is {checkpoint}.",
     kFailed},
    {ErrorCode::DatabaseFailed, "database-failed",
     "The project database {path} failed: {reason}; check the disk and open the project again.", kFailed},
    {ErrorCode::Cancelled, "cancelled", "Stopped at your request; start again when you like.", kStopped},
    {ErrorCode::Internal, "internal",
     "Something unexpected happened inside PrefLab: {reason}; please report it with what you did.", kFailed},
    {ErrorCode::GoldenUnsupported, "golden-unsupported",
     "The golden run {path} sets {key} to {value}, which PrefLab has no option for; choose a golden without it.",
     kUnusable},
    {ErrorCode::PatternInvalid, "pattern-invalid",
     "The expression {pattern} cannot be searched for, at {where}: {reason}; correct it, or search for the text "
     "without slashes.",
     kUnusable},
    {ErrorCode::RunIsActive, "run-is-active",
     "The run {run} is still {outcome}, so it was not deleted; stop it first, or wait until it is over.", kFailed},

    {ErrorCode::NotTheContent, "not-the-content", "{path} is {found}, not the file that its name stands for; {remedy}.",
     kUnusable},
    {ErrorCode::OutputIsInput, "output-is-input",
     "{path} cannot be the output, because it is {reading}, which this command reads; name another file.", kUnusable},
    {ErrorCode::WriteUncertain, "write-uncertain",
     "{path} was replaced, but the disk did not confirm it: {reason}; check the disk, then read the file once more.",
     kFailed},
    {ErrorCode::ProjectNotFound, "project-not-found",
     "There is no project in {path}; name another folder with --project, or train a first run to make one.", kUnusable},
    {ErrorCode::ProjectGone, "project-gone",
     "{path} was deleted or moved while the project was in use, so nothing more can be saved in it; put it back or "
     "choose another folder for the project.",
     kFailed},
    {ErrorCode::OutOfMemory, "out-of-memory",
     "There is not enough memory for {what}; close other programs or take a smaller model, batch or file.", kFailed},
    {ErrorCode::SystemLimit, "system-limit", "The system allows PrefLab no more {what}: {reason}; {remedy}.", kFailed},
    {ErrorCode::ResultNotFinite, "result-not-finite",
     "{what} is not a finite number ({where}), so there is no result; check the model's weights and the settings.",
     kFailed},
    {ErrorCode::ChangesMissing, "changes-missing",
     "{file} is missing from {path}, which was in use when its program ended, so the last changes made there are lost; "
     "if you have that file, close the project and put it back.",
     kFailed},
    {ErrorCode::RunAmbiguous, "run-ambiguous",
     "{run} can mean several runs of the project {project}: {matches}; give the number of the one you mean.",
     kUnusable},
    {ErrorCode::RunFolderGone, "run-folder-gone",
     "The run's folder {path} was deleted or moved while the run went on, so nothing more of it can be saved; start "
     "the "
     "run again.",
     kFailed},
    {ErrorCode::OutputLost, "output-lost",
     "The output could not be written: {reason}; let it go to a disk with room, or to a program that reads it to its "
     "end.",
     kFailed},
    {ErrorCode::LinkOutside, "link-outside",
     "{path} is a link to a file elsewhere, and of a model only what lies in its own folder is read; put a copy of "
     "that file in the place of the link.",
     kUnusable},
    {ErrorCode::ProjectNotMade, "project-not-made",
     "No project can be made in {path}: {reason}; choose another folder with --project.", kUnusable},
    {ErrorCode::ColumnMissing, "column-missing",
     "{path} has no column \"{column}\" to take as {role}; name one of its columns with {option} {role}=COLUMN: "
     "{found}.",
     kUnusable},
};

constexpr bool isInEnumOrder()
{
    for (std::size_t i = 0; i < std::size(kErrors); ++i) {
        if (static_cast<std::size_t>(kErrors[i].code) != i) return false;
    }
    return true;
}
static_assert(isInEnumOrder(), "kErrors needs one row per ErrorCode, in the order of the enum");

const ErrorInfo& infoOf(ErrorCode code)
{
    const auto index = static_cast<std::size_t>(code);
    return index < std::size(kErrors) ? kErrors[index] : kErrors[static_cast<std::size_t>(ErrorCode::Internal)];
}

}  // namespace

std::size_t errorCodeCount()
{
    return std::size(kErrors);
}

std::string_view errorId(ErrorCode code)
{
    return infoOf(code).id;
}

std::string_view sentenceTemplate(ErrorCode code)
{
    return infoOf(code).sentence;
}

int exitCode(ErrorCode code)
{
    return infoOf(code).exitCode;
}

std::string sentence(const Error& error)
{
    std::string_view rest = sentenceTemplate(error.code);
    std::string text;
    while (!rest.empty()) {
        const auto open = rest.find('{');
        const auto close = open == std::string_view::npos ? open : rest.find('}', open);
        if (close == std::string_view::npos) break;
        text += rest.substr(0, open);
        const auto argument = error.arguments.find(std::string(rest.substr(open + 1, close - open - 1)));
        if (argument == error.arguments.end()) {
            text += rest.substr(open, close - open + 1);
        } else {
            // Commands are there to be typed.
            const bool isTyped = text.ends_with("--project ");
            const bool isQuoted = text.ends_with('"');
            text += isTyped                                 ? printable(shellWord(argument->second))
                    : argument->second.empty() && !isQuoted ? "\"\""
                                                            : printable(argument->second);
        }
        rest.remove_prefix(close + 1);
    }
    return text.append(rest);
}

}  // namespace preflab
