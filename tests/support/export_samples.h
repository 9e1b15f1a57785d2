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

/// Texts that begin with the prompt.
inline constexpr const char* kExportTranscripts =
    R"({"chosen":"\n\nHuman: a\n\nAssistant: b \"c\"","rejected":"\n\nHuman: a\n\nAssistant: d"}
{"chosen":"\n\nHuman: q\n\nAssistant: yes","rejected":"\n\nHuman: q\n\nAssistant: no"}
)";

/// Message lists that begin with the prompt.
inline constexpr const char* kExportConversations =
    R"({"chosen":[{"role":"user","content":"q"},{"role":"assistant","content":"yes"}],"rejected":[{"role":"user","content":"q"},{"role":"assistant","content":"no"}]}
{"chosen":[{"role":"user","content":"r,\ns"},{"role":"assistant","content":"b"}],"rejected":[{"role":"user","content":"r,\ns"},{"role":"assistant","content":"c"}]}
)";

/// For SFT, in its three layouts.
inline constexpr const char* kExportCompletions =
    R"({"prompt":"a","completion":" b","id":7}
{"prompt":"c","completion":" [1, 2]"}
)";
inline constexpr const char* kExportMessageCompletions =
    R"({"prompt":[{"role":"user","content":"a"}],"completion":[{"role":"assistant","content":"b \"c\""}]}
{"prompt":[{"role":"user","content":"d"}],"completion":[{"role":"assistant","content":"e"}]}
)";
inline constexpr const char* kExportPlainTexts =
    R"({"text":"one, \"two\"\nthree"}
{"text":"\u4f60\u597d"}
)";

}  // namespace preflab::test
