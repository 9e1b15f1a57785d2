// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers for names that are in use.
#include "core/data/ingest/unique_names.h"

#include <cctype>

namespace preflab {
namespace {

std::string lowerCase(std::string text)
{
    for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
}

}  // namespace

bool UniqueNames::isTaken(const std::string& name) const
{
    return m_taken.contains(lowerCase(name));
}

std::string UniqueNames::take(const std::string& wanted)
{
    std::string name = wanted;
    for (int copy = 2; !m_taken.insert(lowerCase(name)).second; ++copy) name = wanted + "_" + std::to_string(copy);
    return name;
}

}  // namespace preflab
