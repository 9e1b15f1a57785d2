// SPDX-License-Identifier: GPL-3.0-or-later
// Rotary embedding as config.json describes it.
#pragma once

#include "core/base/result.h"
#include "core/model/config_reader.h"
#include "core/model/decoder.h"

#include <cstdint>

namespace preflab {

/// The rotary embedding of heads of `width` rotated numbers, from `rope_theta` and `rope_scaling`, or from
/// `rope_parameters`, which replaced them in transformers 5. Types default, linear and llama3; any other, and any key
/// of the section that is not read, is ConfigUnsupported.
Result<RotaryPositions> readRotary(const ConfigReader& config, std::int64_t width);

}  // namespace preflab
