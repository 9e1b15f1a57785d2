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

/// A text beside conversations that repeat it, as UltraFeedback has it; the last row holds the answers alone.
inline constexpr const char* kExportTextBesideConversations =
    R"({"prompt":"q","chosen":[{"role":"user","content":"q"},{"role":"assistant","content":"yes"}],"rejected":[{"role":"user","content":"q"},{"role":"assistant","content":"no"}],"prompt_id":"a"}
{"prompt":"r","chosen":[{"role":"system","content":"s"},{"role":"user","content":"r"},{"role":"assistant","content":"b"}],"rejected":[{"role":"system","content":"s"},{"role":"user","content":"r"},{"role":"assistant","content":"c"}]}
)";
inline constexpr const char* kExportTextBesideAnswers =
    R"({"prompt":"t","chosen":[{"role":"assistant","content":"1","weight":1}],"rejected":[{"role":"assistant","content":"2"}]}
)";

/// Contents as texts, as parts, as no parts at all.
inline constexpr const char* kExportParts =
    R"({"prompt":[{"role":"user","content":[{"type":"text","text":"Hi "},{"type":"text","text":"[\"you\"]"}]}],"chosen":[{"role":"assistant","content":[]}],"rejected":[{"role":"assistant","content":"[1]","name":"ann"}]}
{"prompt":[{"role":"user","content":"q \"r\""}],"chosen":[{"role":"assistant","content":[{"type":"text","text":"a"}]}],"rejected":[{"role":"assistant","content":"\u4f60"}]}
)";

/// Messages with more than role and content, and a number beyond 64 bits.
inline constexpr const char* kExportMessageKeys =
    R"({"id": 123456789012345678901234567890, "prompt": [{"role":"user","content":"q","name":"ann"}], "chosen": [{"content":"a","role":"assistant","weight":1}], "rejected": [{"role":"assistant","content":"b"}]}
{"prompt":[{"role":"user","content":"q","name":"bob"}],"chosen":[{"role":"assistant","content":"a","weight":0.5}],"rejected":[{"role":"assistant","content":"b","Name":"x","name":"y"}]}
{"prompt":[{"role":"user","content":"q"}],"chosen":[{"role":"assistant","content":"a","weight":2}],"rejected":[{"role":"assistant","content":"b"}]}
)";

/// Columns that differ only in case, and columns that are named as labels are, the last ones late.
inline constexpr const char* kExportOddColumns =
    R"({"text":"one","Text":"two","score":1,"Score":2,"label":true}
{"text":"three","SCORE":3,"Note":"own","preflab_note":5}
)";

}  // namespace preflab::test
