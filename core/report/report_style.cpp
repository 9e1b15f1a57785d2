// SPDX-License-Identifier: GPL-3.0-or-later
// Colours, type and layout of reports as one style sheet.
#include "core/report/report_style.h"

#include <string_view>

namespace preflab {

namespace {

struct Token {
    std::string_view name;
    std::string_view light;
    std::string_view dark;
};

/// The product's palette, as far as a report uses it.
constexpr Token kTokens[] = {
    {"page", "#F5F6F9", "#16181E"},       {"panel", "#FFFFFF", "#1D2027"},    {"inset", "#F0F2F6", "#121419"},
    {"hover", "#EBEDF3", "#2A2F39"},      {"primary", "#1A1D24", "#E7E9EE"},  {"secondary", "#4A5160", "#B3B9C5"},
    {"muted", "#5E6675", "#979FAE"},      {"subtle", "#E1E4EB", "#2B303A"},   {"strong", "#C7CCD7", "#3D4450"},
    {"accent", "#4350C8", "#97A2FF"},     {"chosen", "#0A6C7E", "#55C5D6"},   {"rejected", "#A84310", "#F29A66"},
    {"ok", "#23703A", "#76CB8C"},         {"ok-bg", "#E3F4E7", "#16321F"},    {"warning", "#7A5500", "#E9C257"},
    {"warning-bg", "#FFF3CF", "#362B0E"}, {"danger", "#B0202F", "#FF8A92"},   {"danger-bg", "#FCE7E8", "#3D1B20"},
    {"grid", "#E7EAF0", "#282D36"},       {"axis", "#8A92A1", "#6C7484"},     {"reference", "#616978", "#8D95A4"},
    {"series-1", "#4350C8", "#97A2FF"},   {"series-2", "#C4560A", "#F59A5E"}, {"series-3", "#3F9A60", "#42B59B"},
    {"series-4", "#7A0F2B", "#ED4A72"},   {"series-5", "#8F5680", "#8B7DB0"}, {"series-6", "#9A82D3", "#4FE3EE"},
    {"series-7", "#5B3A0C", "#F5D550"},   {"series-8", "#2B2462", "#CCEEB0"},
};

/// Colour never tells curves apart alone.
constexpr std::string_view kDashes[] = {"none", "6 3", "2 3", "8 3 2 3", "12 4", "4 2", "2 2 6 2", "1 3"};

constexpr std::string_view kLayout = R"css(
*{box-sizing:border-box}
html{background:var(--page);color:var(--primary);font:13px/1.5 Inter,system-ui,"Noto Sans",sans-serif}
body{max-width:1200px;margin:0 auto;padding:28px 24px 48px}
h1,h2,h3,p{margin:0}
h1{font-size:22px;line-height:1.3;font-weight:600}
h2{font-size:15px;font-weight:600;margin:32px 0 10px}
h3{font-size:13px;font-weight:600}
.lead{margin-top:4px;color:var(--secondary);font-size:14px;max-width:120ch}
.intro{margin:0 0 10px;color:var(--secondary);max-width:130ch}
.mono,td.number,.facts dd,b{font-family:"JetBrains Mono",ui-monospace,"DejaVu Sans Mono",monospace;font-weight:400}
.card{background:var(--panel);border:1px solid var(--subtle);border-radius:8px;padding:14px 16px;margin:0;
 break-inside:avoid;min-width:0}
.cards{display:grid;gap:12px;grid-template-columns:repeat(auto-fit,minmax(min(100%,340px),1fr))}
.charts{display:grid;gap:12px;grid-template-columns:repeat(2,minmax(0,1fr))}
@media (max-width:860px){.charts{grid-template-columns:minmax(0,1fr)}}
.badge{display:inline-block;border-radius:4px;padding:0 6px;margin-left:6px;font-size:11px;line-height:18px;font-weight:600;
 background:var(--hover);color:var(--secondary);vertical-align:1px;white-space:nowrap}
.badge.ok{background:var(--ok-bg);color:var(--ok)}
.badge.warning{background:var(--warning-bg);color:var(--warning)}
.badge.danger{background:var(--danger-bg);color:var(--danger)}
.run h3{font-size:15px;overflow-wrap:anywhere}
.run .result{margin-top:6px}
.facts{display:grid;grid-template-columns:auto 1fr;gap:3px 14px;margin:12px 0 0}
.run:only-child .facts{grid-template-columns:auto 1fr auto 1fr}
@media (max-width:720px){.run:only-child .facts{grid-template-columns:auto 1fr}}
.facts dt{color:var(--muted)}
.facts dd{margin:0;font-size:12px;line-height:1.65;overflow-wrap:anywhere}
.note{margin-top:10px;border-radius:6px;padding:8px 12px;background:var(--warning-bg);color:var(--primary);overflow-wrap:anywhere}
.note.danger{background:var(--danger-bg)}
.notes{margin:10px 0 0;padding-left:18px;color:var(--secondary)}
.notes li{overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%}
.scroll{overflow-x:auto}
th{font-size:12px;font-weight:500;color:var(--secondary);text-align:left;padding:0 8px 6px;border-bottom:1px solid var(--strong);vertical-align:bottom}
td{padding:5px 8px;border-bottom:1px solid var(--subtle);vertical-align:baseline}
tr:last-child td{border-bottom:0}
td:first-child,th:first-child{padding-left:0}
td:last-child,th:last-child{padding-right:0}
th.number,td.number{text-align:right;white-space:nowrap}
td.number{font-size:12px}
td small,.unit,.key-name{color:var(--muted);font-size:12px}
td.measure{white-space:nowrap}
.change{color:var(--muted)}
.change i{font:11px Inter,system-ui,sans-serif;font-style:normal;margin-left:6px;display:inline-block;min-width:36px;text-align:left}
.change.better{color:var(--ok)}
.change.worse{color:var(--danger)}
.direction{color:var(--muted);white-space:nowrap}
td.value{font-size:12px;overflow-wrap:anywhere}
.run-head{display:inline-flex;align-items:center;gap:6px}
figcaption{display:flex;flex-wrap:wrap;align-items:baseline;gap:2px 8px;margin-bottom:8px}
.legend{margin-left:auto;display:flex;flex-wrap:wrap;gap:0 14px;font-size:12px;color:var(--secondary);justify-content:flex-end}
.key{display:inline-flex;align-items:center;gap:6px;white-space:nowrap}
.key b{color:var(--primary)}
svg{display:block;width:100%;height:auto}
svg.sample{width:24px;height:8px;flex:none}
svg text{font:11px Inter,system-ui,sans-serif;fill:var(--muted)}
svg text.tick{font-family:"JetBrains Mono",ui-monospace,"DejaVu Sans Mono",monospace}
svg text.end{text-anchor:end}
svg text.middle{text-anchor:middle}
svg text.name{fill:var(--muted);paint-order:stroke;stroke:var(--panel);stroke-width:4px;stroke-linejoin:round}
svg text.label{font-weight:600;stroke:none!important}
svg path{fill:none}
.grid{stroke:var(--grid)}
.axis{stroke:var(--axis)}
.reference{stroke:var(--reference);stroke-dasharray:5 4}
.line{stroke-width:2;stroke-linejoin:round;stroke-linecap:butt}
.raw{stroke-width:1;stroke-linejoin:round;opacity:.28;stroke-dasharray:none!important}
.ring{stroke-width:2;stroke-dasharray:none!important}
circle.ring{fill:var(--panel)}
.look{margin-top:8px;color:var(--secondary);font-size:12px}
.aside{color:var(--muted)}
.sample-card{margin-bottom:12px}
.prompt{color:var(--secondary);font-size:13px}
.answers{display:grid;gap:16px;margin-top:12px;grid-template-columns:repeat(auto-fit,minmax(min(100%,250px),1fr))}
.answer h3{font-size:12px;color:var(--secondary);font-weight:500;display:flex;align-items:center;gap:6px}
.answer .text{margin-top:4px;padding-left:10px;border-left:2px solid var(--strong)}
.text{white-space:pre-wrap;overflow-wrap:anywhere;font-size:14px;line-height:1.55;max-width:720px}
.none{color:var(--muted)}
.differing{margin-bottom:12px}
.settings{columns:3 300px;column-gap:28px}
.settings div{display:flex;justify-content:space-between;gap:12px;padding:3px 0;border-bottom:1px solid var(--subtle);break-inside:avoid}
.settings span{color:var(--secondary)}
.settings b{font-size:12px;text-align:right;overflow-wrap:anywhere}
.settings .changed span::after{content:"";display:inline-block;width:7px;height:7px;border-radius:4px;background:var(--accent);margin-left:6px}
.dot{display:inline-block;width:7px;height:7px;border-radius:4px;background:var(--accent)}
footer{margin-top:32px;color:var(--muted);font-size:12px}
@media print{body{padding:0;max-width:none}html{background:#fff}h2{break-after:avoid}}
)css";

std::string colours(std::string_view Token::*side)
{
    std::string css;
    for (const Token& token : kTokens) css += "--" + std::string(token.name) + ":" + std::string(token.*side) + ";";
    return css;
}

/// Stroke, and fill of labels, of every kind of curve.
std::string curveClasses()
{
    std::string css;
    const auto add = [&css](const std::string& name, std::string_view dash) {
        css += "." + name + "{stroke:var(--" + name + ");stroke-dasharray:" + std::string(dash) + "}svg text." + name +
               "{fill:var(--" + name + ")}\n";
    };
    for (std::size_t i = 0; i < std::size(kDashes); ++i) add("series-" + std::to_string(i + 1), kDashes[i]);
    add("chosen", "none");
    add("rejected", "6 3");
    return css + ".held-out{stroke-dasharray:5 3}.solid{stroke-dasharray:none}\n";
}

}  // namespace

std::string reportStyle()
{
    const std::string light = colours(&Token::light);
    const std::string dark = colours(&Token::dark);
    return ":root{color-scheme:light dark;" + light + "}\n@media screen and (prefers-color-scheme:dark){:root{" + dark +
           "}}\n:root[data-theme=light]{color-scheme:light;" + light +
           "}\n@media screen{:root[data-theme=dark]{color-scheme:dark;" + dark + "}}\n" + curveClasses() +
           std::string(kLayout);
}

}  // namespace preflab
