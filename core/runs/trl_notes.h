// SPDX-License-Identifier: GPL-3.0-or-later
// What TRL will not do as PrefLab does, of a run that is written as TRL's configuration.
#pragma once

#include "core/data/rows/row.h"
#include "core/runs/backend.h"
#include "core/runs/run_spec.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace preflab {

/// What is known of the data of a run. TRL reads the file itself, so whatever was made of it elsewhere is not there.
struct TrlData {
    std::optional<RowKind> kind = {};    ///< none: not known
    bool isEdited = false;               ///< rows were edited, swapped or left out
    bool isUnreadable = false;           ///< in part: some rows were left out by the loader
    std::filesystem::path project = {};  ///< that holds the edits; empty: there is none
};

/// "csv": the name of the reader that TRL's data library has for a file; what is not named so is JSON.
std::string trlReader(const std::filesystem::path& data);

/// A share of the data is held out; a file of held-out pairs goes before it.
bool isShareHeldOut(const RunSpec& spec, const ParamValues& params);

/// Evaluation happens as the configuration says: a share of the data is held out, and measured while training goes on. A file
/// of held-out pairs has no place in it.
bool isEvaluatedByTrl(const RunSpec& spec, const ParamValues& params);

/// One sentence for each difference between the run here and what TRL makes of its configuration, with the command that
/// writes the data as they are trained on here, where that helps. `params` are completed.
std::vector<std::string> trlNotes(const RunSpec& spec, const ComponentDescription& method, const ParamValues& params,
                                  const TrlData& data);

/// Why TRL's trainer of that method cannot read data of that kind at all; nothing where it can.
std::optional<std::string> trlRefusal(const RunSpec& spec, const ComponentDescription& method, RowKind kind);

}  // namespace preflab
