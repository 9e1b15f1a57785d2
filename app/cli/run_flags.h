// SPDX-License-Identifier: GPL-3.0-or-later
// Flags of a run, made from the parameters that describe themselves, and back to an order.
#pragma once

#include "app/cli/arguments.h"
#include "core/base/result.h"
#include "core/runs/backend.h"
#include "core/runs/run_spec.h"

#include <string>
#include <vector>

namespace preflab {

/// The everyday name of a parameter's flag: "epochs" for num_train_epochs, else the key with dashes.
std::string flagOf(const std::string& parameter);

/// Flags for every training parameter and every parameter of every method.
std::vector<Flag> parameterFlags(const Backend& backend);

/// Values of the parameters that were given, for `method`. UnknownMethod, UnknownParameter (of another method),
/// ParameterNotANumber, ParameterOutOfRange; messages name the flag.
Result<ParamValues> parametersFrom(const Arguments& arguments, const Backend& backend, const std::string& method);

/// The description of a method; UnknownMethod lists the others.
Result<ComponentDescription> describeMethod(const Backend& backend, const std::string& method);

/// "dpo|orpo|sft".
std::string methodNames(const Backend& backend, const std::string& separator = "|");

/// Flags for some of the training parameters, for commands that tokenise or compute without training.
std::vector<Flag> trainingFlags(const std::vector<std::string>& keys);
/// The options that those flags set, all others at their defaults.
Result<TrainingOptions> trainingOptionsFrom(const Arguments& arguments, const std::string& command);

/// --project, the same wherever it appears.
Flag projectFlag();
/// A spec as --json prints it: with paths that can be given again, whatever bytes they have (core/project/path_text.h).
Json specJson(RunSpec spec);
/// A path typed by the user, or as --json prints it, absolute, so that it means the same in the stored run.
std::filesystem::path absolutePath(const std::string& typed);

}  // namespace preflab
