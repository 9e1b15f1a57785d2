// SPDX-License-Identifier: GPL-3.0-or-later
// Which tokenizer a folder holds.
#include "core/text/tokenizer.h"

namespace preflab {

std::string Tokenizer::decode(std::span<const TokenId> ids) const
{
    const auto text = decoder();
    std::string whole;
    for (const TokenId id : ids) whole += text->add(id);
    return whole + text->finish();
}

Result<std::unique_ptr<Tokenizer>> openTokenizer(const std::filesystem::path& folder)
{
    const TokenizerInfo* best = nullptr;
    for (const TokenizerInfo* info : tokenizers()) {
        if (info->isIn(folder) && (best == nullptr || info->priority > best->priority)) best = info;
    }
    if (best == nullptr) return fail(ErrorCode::NoTokenizer, {{"path", folder.string()}});
    return best->open(folder);
}

}  // namespace preflab
