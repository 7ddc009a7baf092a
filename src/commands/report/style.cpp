#include "commands/report/svg_graph.hpp"

namespace gitplan::commands {

std::string_view report_style() {
  return R"css(
:root {
  color-scheme: light dark;
  --page: #ffffff; --text: #1f2328; --quiet: #59636e; --rule: #d1d9e0; --panel: #f6f8fa;
  --completed: #1a7f37; --completed-fill: #dafbe1;
  --in_progress: #0969da; --in_progress-fill: #ddf4ff;
  --failed: #cf222e; --failed-fill: #ffebe9;
  --pending: #818b98; --pending-fill: #ffffff;
  --cancelled: #818b98; --cancelled-fill: #eff2f5;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0d1117; --text: #e6edf3; --quiet: #9198a1; --rule: #3d444d; --panel: #151b23;
    --completed: #3fb950; --completed-fill: #12261e;
    --in_progress: #58a6ff; --in_progress-fill: #121d2f;
    --failed: #f85149; --failed-fill: #25171c;
    --pending: #656c76; --pending-fill: #0d1117;
    --cancelled: #656c76; --cancelled-fill: #151b23;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 2rem clamp(1rem, 3vw, 2.5rem) 3rem; max-width: 1500px;
  background: var(--page); color: var(--text);
  font: 15px/1.55 system-ui, -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif;
  overflow-wrap: anywhere;
}
h1 { font-size: 1.55rem; line-height: 1.25; margin: 0; font-weight: 650; }
h2 { font-size: 1.05rem; margin: 2.4rem 0 .8rem; font-weight: 650; }
h3 { font-size: .8rem; margin: 1rem 0 .2rem; color: var(--quiet); font-weight: 600; }
p { margin: 0 0 .6rem; }
.pre { white-space: pre-wrap; }
.quiet { color: var(--quiet); }
header { display: flex; flex-wrap: wrap; gap: .4rem .9rem; align-items: center; }
.badge {
  padding: .1rem .65rem; border-radius: 1rem; font-size: .82rem; font-weight: 600;
  border: 1px solid; white-space: nowrap;
}
.lead { font-size: 1.08rem; max-width: 75ch; margin: 1.1rem 0 0; }
.about { max-width: 75ch; }
.tiles {
  display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .75rem;
  margin: 1.6rem 0 0;
}
.tile { background: var(--panel); border: 1px solid var(--rule); border-radius: 10px;
  padding: .7rem .9rem; }
.tile b { display: block; font-size: 1.35rem; line-height: 1.3; font-weight: 650;
  font-variant-numeric: tabular-nums; }
.tile > span { color: var(--quiet); font-size: .82rem; }
.progress { display: flex; height: 8px; border-radius: 4px; overflow: hidden; margin: 1rem 0 0;
  background: var(--rule); }
.progress i { display: block; }
.progress .completed { background: var(--completed); }
.progress .in_progress { background: var(--in_progress); }
.progress .failed { background: var(--failed); }
.progress .cancelled { background: var(--cancelled); }
.scroll { overflow-x: auto; }
svg text { fill: var(--text); font-size: 12px; }
svg.graph { display: block; width: 100%; height: auto; }
.layer { fill: var(--quiet); font-size: 11.5px; font-weight: 600; }
.loose { display: flex; flex-wrap: wrap; gap: 12px; margin-top: .6rem; }
.timeline { position: relative; font-size: 12px; line-height: 22px; overflow: hidden; }
.timeline > * { position: absolute; }
.lane { left: 0; font-size: 11.5px; line-height: 18px; font-weight: 600; color: var(--quiet); }
.tick { top: 0; border-left: 1px dashed var(--rule); font-style: normal; }
.tick span { position: absolute; top: 100%; transform: translateX(-50%); white-space: nowrap;
  font-size: 11.5px; color: var(--quiet); font-variant-numeric: tabular-nums; }
.tick.first span { transform: none; } .tick.last span { transform: translateX(-100%); }
.bar { height: 24px; padding: 0 6px; border: 1px solid; border-radius: 4px; white-space: nowrap;
  overflow: hidden; color: var(--text); min-width: 3px; container-type: inline-size; }
.bar span { display: block; overflow: hidden; text-overflow: ellipsis; }
@container (max-width: 28px) { .bar span { display: none; } }
.bar.completed { background: var(--completed-fill); border-color: var(--completed); }
.bar.in_progress { background: var(--in_progress-fill); border-color: var(--in_progress); }
.bar.failed { background: var(--failed-fill); border-color: var(--failed); }
.bar.cancelled { background: var(--cancelled-fill); border-color: var(--cancelled); }
.line { fill: none; stroke: var(--pending); stroke-width: 1.4; opacity: .75; }
.line.completed { stroke: var(--completed); }
#arrow path { fill: context-stroke; fill: var(--quiet); }
.box rect { stroke-width: 1.5; }
.box .id { font-weight: 700; font-variant-numeric: tabular-nums; }
.box .minutes { text-anchor: end; fill: var(--quiet); font-size: 11px; }
.completed rect { fill: var(--completed-fill); stroke: var(--completed); }
.completed .id, b.completed, td.completed, .badge.completed { fill: var(--completed);
  color: var(--completed); }
.in_progress rect { fill: var(--in_progress-fill); stroke: var(--in_progress); }
.in_progress .id, td.in_progress, .badge.running, .badge.ready { fill: var(--in_progress);
  color: var(--in_progress); }
.failed rect { fill: var(--failed-fill); stroke: var(--failed); }
.failed .id, td.failed, .badge.stuck { fill: var(--failed); color: var(--failed); }
.pending rect { fill: var(--pending-fill); stroke: var(--pending); }
.cancelled rect { fill: var(--cancelled-fill); stroke: var(--cancelled); stroke-dasharray: 4 3; }
.cancelled text, td.cancelled { fill: var(--quiet); color: var(--quiet); }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th { text-align: left; white-space: nowrap; color: var(--quiet); font-weight: 600; font-size: .8rem; }
th, td { padding: .38rem .9rem .38rem 0; border-bottom: 1px solid var(--rule); vertical-align: top; }
th:last-child, td:last-child { padding-right: 0; }
td.n, th.n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
td.w { white-space: nowrap; }
td.d { min-width: 15rem; }
tbody td:empty { color: transparent; }
pre.log { margin: .3rem 0 .8rem; padding: .5rem .7rem; background: var(--panel);
  border: 1px solid var(--rule); border-radius: 6px; white-space: pre-wrap;
  font: .8rem/1.45 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }
@media (max-width: 640px) {
  thead { display: none; }
  tbody tr { display: flex; flex-wrap: wrap; gap: 0 .8rem; padding: .5rem 0;
    border-bottom: 1px solid var(--rule); align-items: baseline; }
  tbody td { border: 0; padding: 0; }
  td:empty { display: none; }
  td.d { flex: 1 0 70%; min-width: 0; }
  td.n, td.w { font-size: .85em; }
  td[data-name]::before { content: attr(data-name) " "; color: var(--quiet); }
}
td .pre { display: block; color: var(--quiet); font-size: .95em; }
code { font: .88em ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }
.plus { color: var(--completed); } .minus { color: var(--failed); }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr));
  column-gap: 3rem; align-items: start; }
ul, ol { margin: 0; padding-left: 1.2rem; } li { margin: .2rem 0; }
ul.caps { padding: 0; list-style: none; display: flex; flex-wrap: wrap; gap: .4rem; }
ul.caps li { background: var(--panel); border: 1px solid var(--rule); border-radius: 6px;
  padding: .05rem .5rem; margin: 0; font-size: .88rem; }
footer { margin-top: 3rem; color: var(--quiet); font-size: .82rem; }
@media print { .scroll { overflow: visible; } svg.graph { min-width: 0 !important; } }
)css";
}

}  // namespace gitplan::commands
