// SPDX-License-Identifier: GPL-3.0-or-later
// JSON values as other programs write them, made fit for a row file.
#pragma once

#include <string>
#include <string_view>

namespace preflab {

/// A JSON value as strict JSON on one line. Between values a line end and what follows it to the left margin are a
/// space (in a text line ends are escaped). NaN, which missing scores often are, and the infinities are null.
std::string strictLine(std::string_view json);

}  // namespace preflab
