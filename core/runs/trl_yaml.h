// SPDX-License-Identifier: GPL-3.0-or-later
// A run as TRL's configuration.
#pragma once

#include "core/runs/backend.h"
#include "core/runs/run_spec.h"
#include "core/runs/trl_notes.h"

#include <string>
#include <vector>

namespace preflab {

/// One line of a configuration.
struct ConfigLine {
    std::string text;          ///< without its end
    bool isDifferent = false;  ///< sets something else than the method's default
};

/// YAML for TRL's scripts, one line a setting in the order of forms. What only PrefLab knows stands in comments, and so
/// do trlNotes of the run and the default of what differs from it. Parameters that the spec leaves out are at the method's
/// defaults.
std::vector<ConfigLine> trlYaml(const RunSpec& spec, const ComponentDescription& method, const TrlData& data = {});

/// The lines as one text with a line end after each.
std::string joined(const std::vector<ConfigLine>& lines);

}  // namespace preflab
