// SPDX-License-Identifier: GPL-3.0-or-later
// Pairs that files trip over, apart from the test because moc does not read such strings.
#pragma once

namespace preflab::test {

/// Texts with everything that files trip over.
inline constexpr const char* kExportTexts =
    R"({"prompt":"Say \"hi\", na\u00efvely","chosen":"Hello,\n\"you\" \ud83d\ude00","rejected":"hi;","score":0.5}
{"prompt":"","chosen":"=1+1","rejected":"'; --","score":1}
{"prompt":"third","chosen":"c","rejected":"r","score":null}
)";

/// The same in message lists.
inline constexpr const char* kExportMessages =
    R"({"prompt":[{"role":"user","content":"a \"b\"\nc"}],"chosen":[{"role":"assistant","content":"yes, \u4f60\u597d"}],"rejected":[{"role":"assistant","content":"no"}]}
{"prompt":[{"role":"system","content":"s"},{"role":"user","content":"q"}],"chosen":[{"role":"assistant","content":""}],"rejected":[{"role":"assistant","content":"x"}]}
)";

}  // namespace preflab::test
