// SPDX-License-Identifier: GPL-3.0-or-later
// What can go wrong, as values: a code, named arguments and a stable exit code.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

namespace preflab {

/// Every failure a user can meet. The sentence of each code stands once, in error.cpp, as a template with
/// {named} arguments, so that the window can translate it. Append new codes; ids are stable.
enum class ErrorCode {
    // files
    FileNotFound,     ///< {path}
    FileUnreadable,   ///< {path}, {reason}, {remedy}
    NotARegularFile,  ///< {path}
    FileChanged,      ///< {path}: changed while it was read
    WriteFailed,      ///< {path}, {reason}, {remedy}
    DiskFull,         ///< {path}, {needed}, {free}
    // models
    NoModelConfig,        ///< {path}: folder without config.json
    NoWeights,            ///< {path}: folder without safetensors
    PickleWeights,        ///< {path}: pickle or TorchScript instead of safetensors
    WeightsInvalid,       ///< {path}, {where}, {reason}: safetensors rule broken
    WeightsMismatch,      ///< {path}, {tensor}, {found}, {expected}
    ConfigInvalid,        ///< {path}, {key}, {reason}
    ConfigUnsupported,    ///< {path}, {key}, {value}: changes the mathematics and is not supported
    UnknownArchitecture,  ///< {path}, {found}, {supported}
    NoTokenizer,          ///< {path}
    TokenizerInvalid,     ///< {path}, {reason}
    TokenizerTooLarge,    ///< {path}, {pieces}, {rows}: more pieces than the embedding has rows
    TextNotTokenisable,   ///< {reason}
    // data
    UnknownDataFormat,  ///< {path}
    DataInvalid,        ///< {path}, {where}, {reason}
    WrongColumns,       ///< {path}, {found}, {expected}
    EmptyDataset,       ///< {path}
    NoUsableRows,       ///< {path}, {rows}, {reason}: all rows unusable
    NoAnswerLeft,       ///< {max_length}, {rows}, {shortest}: --max-length leaves no answer
    ConversionFailed,   ///< {path}, {reason}: DuckDB could not convert
    // settings
    UnknownMethod,        ///< {found}, {supported}
    UnknownParameter,     ///< {key}, {method}
    ParameterOutOfRange,  ///< {key}, {value}, {range}
    ParameterNotANumber,  ///< {key}, {value}
    WrongUse,             ///< {reason}: command line misuse
    TooLittleMemory,      ///< {needed}, {free}, {remedy}
    // projects and runs
    ProjectReadOnly,    ///< {path}
    ProjectLocked,      ///< {path}, {owner}
    ProjectTooNew,      ///< {path}, {found}, {supported}
    ProjectInvalid,     ///< {path}, {reason}
    SourceChanged,      ///< {path}: content differs from what the run recorded
    RunNotFound,        ///< {run}, {project}
    LossNotFinite,      ///< {step}, {what}, {checkpoint}
    DatabaseFailed,     ///< {path}, {reason}
    Cancelled,          ///< stopped by the user; not shown as an error
    Internal,           ///< {reason}: a bug, or a library's exception caught at a border
    GoldenUnsupported,  ///< {path}, {key}, {value}: a parity run cannot repeat this option
    PatternInvalid,     ///< {pattern}, {where}, {reason}: a regular expression to search for
    RunIsActive,        ///< {run}, {outcome}: waits or runs, and cannot be deleted
    // what is not what its name says, and what the system refuses
    NotTheContent,    ///< {path}, {found}, {remedy}: a Git LFS pointer, a web page, half a download
    OutputIsInput,    ///< {path}, {reading}: would overwrite what the command reads
    WriteUncertain,   ///< {path}, {reason}: replaced, but the disk did not confirm it
    ProjectNotFound,  ///< {path}: a command that only reads makes no project
    ProjectGone,      ///< {path}: deleted or moved while it was in use
    OutOfMemory,      ///< {what}: an allocation failed
    SystemLimit,      ///< {what}, {reason}, {remedy}: threads, descriptors, address space
    ResultNotFinite,  ///< {what}, {where}: a number that would be shown is not finite
    ChangesMissing,   ///< {path}, {file}: a project whose write-ahead log is gone opens without its last changes
    RunAmbiguous,     ///< {run}, {project}, {matches}: a name or the beginning of an id that several runs have
    RunFolderGone,    ///< {path}: deleted or moved while the run went on
    OutputLost,       ///< {reason}: what the command line says reaches nobody
    LinkOutside,      ///< {path}: a model's file that is a link to one elsewhere
    ProjectNotMade,   ///< {path}, {reason}: a place that no new project can have
    ColumnMissing,    ///< {path}, {column}, {role}, {option}, {found}: the user named a column that is not there
};

/// One failure on its way to the user. `arguments` fill the template; `detail` goes to the log only.
struct Error {
    ErrorCode code = ErrorCode::Internal;
    std::map<std::string, std::string> arguments;
    std::string detail;
};

/// How many codes there are; every ErrorCode below it, cast from a number, is valid.
std::size_t errorCodeCount();

/// Stable id of a code as the command line prints it with --json, e.g. "file-not-found".
std::string_view errorId(ErrorCode code);

/// The English sentence of an error: names the thing, the place and the remedy. Control characters in arguments
/// are shown as \\xNN, empty arguments as ""; a placeholder without an argument stays visible.
std::string sentence(const Error& error);

/// The template behind `sentence`, with {named} arguments, for translation.
std::string_view sentenceTemplate(ErrorCode code);

/// Process exit code of an error: 1 failed, 2 wrong use or unusable input, 130 stopped by the user.
int exitCode(ErrorCode code);

}  // namespace preflab
