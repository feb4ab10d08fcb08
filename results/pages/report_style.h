// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace saggio::results {

// The style sheet of a report: a column of text, tables that scroll sideways by themselves on a
// narrow screen, and a print style.
inline constexpr std::string_view kReportStyle = R"css(
:root { --ink: #1b1b1b; --soft: #5b5b5b; --line: #d9d9d9; --paper: #ffffff; --wash: #f5f6f7; --accent: #0072B2; --warn: #b34a00; }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; padding: 2.5rem 1.25rem 4rem; max-width: 72rem; background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; overflow-wrap: break-word; }
h1 { margin: 0; font-size: 1.9rem; line-height: 1.2; letter-spacing: -.01em; }
h2 { margin: 2.6rem 0 .8rem; padding-bottom: .3rem; border-bottom: 1px solid var(--line); font-size: 1.15rem; }
p { margin: .6rem 0; }
.question { margin: .5rem 0 1.5rem; font-size: 1.15rem; color: var(--soft); }
.verdict, .warnings, .claim { margin: 1.2rem 0; padding: .9rem 1.1rem; background: var(--wash); border-left: 4px solid var(--accent); }
.verdict { font-size: 1.08rem; }
.warnings { border-color: var(--warn); background: #fdf5ef; }
.claim { border-color: var(--line); }
.claim blockquote { margin: 0; font-style: italic; }
.claim p { margin: .35rem 0 0; color: var(--soft); font-size: .9rem; }
.label { display: block; margin-bottom: .15rem; color: var(--soft); font-size: .78rem; font-weight: 600; letter-spacing: .06em; text-transform: uppercase; }
.label .id { letter-spacing: 0; text-transform: none; }
.warnings .label { color: var(--warn); }
.warnings ul { margin: 0; padding-left: 1.2rem; }
.table { margin: 1.4rem 0 2rem; }
.table .lead { margin: 0 0 .7rem; font-weight: 600; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .9rem; line-height: 1.35; font-variant-numeric: tabular-nums; }
caption { padding-bottom: .55rem; text-align: left; color: var(--soft); }
thead th { padding: .35rem .7rem; border-top: 2px solid var(--ink); border-bottom: 1px solid var(--ink); font-weight: 600; text-align: left; vertical-align: bottom; }
tbody th { font-weight: 400; text-align: left; }
tbody th, td { padding: .32rem .7rem; border-bottom: 1px solid #ececec; white-space: nowrap; vertical-align: baseline; }
tbody tr:last-child > * { border-bottom: 2px solid var(--ink); }
th:first-child, td:first-child { padding-left: 0; }
th.number, td.number { text-align: right; }
td.none { text-align: center; color: var(--soft); }
.unit { font-weight: 400; color: var(--soft); white-space: nowrap; }
small.count { color: var(--soft); font-size: .8em; }
small.note { display: block; color: var(--warn); font-size: .8em; }
ul.notes { margin: .7rem 0 0; padding-left: 1.1rem; max-width: 46rem; color: var(--soft); font-size: .83rem; line-height: 1.45; }
figure { margin: 1.6rem 0 2rem; break-inside: avoid; }
figure svg, figure img { display: block; width: 100%; max-width: 46rem; height: auto; }
figcaption { margin-top: .5rem; max-width: 46rem; color: var(--soft); font-size: .88rem; }
dl { display: grid; grid-template-columns: minmax(12rem, max-content) 1fr; gap: .25rem 1.4rem; margin: 0; font-size: .93rem; }
dt { color: var(--soft); }
dd { margin: 0; min-width: 0; }
pre { margin: 0; padding: .8rem 1rem; overflow-x: auto; background: var(--wash); font-size: .87rem; }
code, pre, .id { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
details summary { cursor: pointer; }
details table { margin-top: .8rem; font-size: .82rem; }
details .id { font-size: .95em; }
@media (max-width: 40rem) {
  body { padding: 1.5rem 1rem 3rem; }
  h1 { font-size: 1.5rem; }
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: .45rem; }
}
@media print {
  @page { margin: 16mm 14mm; }
  body { max-width: none; padding: 0; font-size: 10.5pt; }
  h2 { break-after: avoid; margin-top: 1.6rem; }
  .scroll { overflow: visible; }
  .table table { font-size: 7.6pt; }
  .table tbody th, td, thead th { padding-left: .35rem; padding-right: .35rem; }
  tr, .verdict, .warnings, .claim, dl > * { break-inside: avoid; }
  .verdict, .warnings, .claim { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  figure svg, figure img { max-width: 15cm; }
  pre { white-space: pre-wrap; }
}
)css";

}  // namespace saggio::results
