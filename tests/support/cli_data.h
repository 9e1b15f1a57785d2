// SPDX-License-Identifier: GPL-3.0-or-later
// Small inputs for runs of the command line.
#pragma once

#include "support/files.h"

#include <filesystem>
#include <string>

namespace preflab::test {

/// The reference model, or an empty path where the reference data are absent.
inline std::filesystem::path storiesModel()
{
    const std::filesystem::path folder = PREFLAB_TEST_SHARED "/assets/models/stories260K-hf";
    return std::filesystem::exists(folder / "config.json") ? folder : std::filesystem::path();
}

/// `count` preference pairs of prompt, chosen and rejected as JSON lines.
inline std::string pairLines(int count)
{
    static const char* const kAnimals[] = {"cat", "dog", "bird", "fish", "bear"};
    std::string lines;
    for (int i = 0; i < count; ++i) {
        const std::string animal = kAnimals[i % 5];
        const std::string number = std::to_string(i);
        lines += R"({"prompt": "Once upon a time there was a )" + animal + ". It had " + number +
                 R"( friends.", "chosen": " The )" + animal +
                 R"( was happy and played in the park.", "rejected": " No no no )" + number + "\"}\n";
    }
    return lines;
}

/// `count` texts for SFT as JSON lines.
inline std::string textLines(int count)
{
    std::string lines;
    for (int i = 0; i < count; ++i)
        lines += R"({"text": "Once upon a time there were )" + std::to_string(i) +
                 R"( little birds."})"
                 "\n";
    return lines;
}

}  // namespace preflab::test
