// SPDX-License-Identifier: GPL-3.0-or-later
// Which tokenizer a folder holds.
#include "core/model/tokenizer.h"

namespace preflab {

Result<std::unique_ptr<Tokenizer>> openTokenizer(const std::filesystem::path& folder)
{
    for (const TokenizerInfo* info : tokenizers()) {
        if (info->isIn(folder)) return info->open(folder);
    }
    return fail(ErrorCode::NoTokenizer, {{"path", folder.string()}});
}

}  // namespace preflab
