// SPDX-License-Identifier: GPL-3.0-or-later
// Keys of config.json that nobody read: what may stand there unread.
#pragma once

#include "core/base/result.h"
#include "core/model/config_reader.h"

namespace preflab {

/// ConfigUnsupported for the first key that nobody read, unless it is null, or in the one list of keys that change
/// nothing (names, versions, settings of generation), or has the value with which a known option changes nothing
/// (`attention_dropout` 0). To be called when the family has read what it knows.
Result<> refuseUnreadKeys(const ConfigReader& config);

}  // namespace preflab
