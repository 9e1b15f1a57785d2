// SPDX-License-Identifier: GPL-3.0-or-later
// Names as DuckDB wants those of columns and fields: the case of letters does not tell them apart.
#pragma once

#include <set>
#include <string>

namespace preflab {

/// Names in use, without regard to the case of ASCII letters.
class UniqueNames {
public:
    bool isTaken(const std::string& name) const;
    /// Takes `wanted`, or if it is in use, `wanted` with the first free number from 2 on: "score_2".
    std::string take(const std::string& wanted);

private:
    std::set<std::string> m_taken;  ///< in lower case
};

}  // namespace preflab
