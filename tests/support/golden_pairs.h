// SPDX-License-Identifier: GPL-3.0-or-later
// The reference model and the reference runs' token pairs. Include before Qt.
#pragma once

#include "core/base/json.h"
#include "core/model/model_folder.h"
#include "core/text/recipe.h"
#include "core/train/engine/decoder_forward.h"

#include <filesystem>
#include <string>
#include <vector>

namespace preflab::test {

inline std::filesystem::path sharedFolder()
{
    return PREFLAB_TEST_SHARED;
}
inline std::filesystem::path storiesFolder()
{
    return sharedFolder() / "assets/models/stories260K-hf";
}

/// A reference file as JSON.
inline Result<Json> goldenFile(const std::string& name)
{
    return readJsonFile(sharedFolder() / "goldens" / name, std::uint64_t{1} << 30, 64);
}

inline TokenIds tokenIds(const Json& list)
{
    return list.get<TokenIds>();
}

/// Prompt and completion as one sequence.
inline TokenSequence sequenceOf(const Json& prompt, const Json& completion)
{
    TokenIds ids = tokenIds(prompt);
    const TokenIds rest = tokenIds(completion);
    ids.insert(ids.end(), rest.begin(), rest.end());
    return TokenSequence::afterPrompt(std::move(ids), prompt.size());
}

/// The rows of a preference golden, as ids.
inline std::vector<TokenPair> goldenPairs(const Json& golden)
{
    std::vector<TokenPair> pairs;
    for (const Json& row : golden["rows"]) {
        TokenPair pair;
        pair.row = static_cast<std::uint32_t>(pairs.size());
        pair.chosen = sequenceOf(row["prompt_ids"], row["chosen_ids"]);
        pair.rejected = sequenceOf(row["prompt_ids"], row["rejected_ids"]);
        pairs.push_back(std::move(pair));
    }
    return pairs;
}

}  // namespace preflab::test
