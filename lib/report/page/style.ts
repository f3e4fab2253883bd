// The CSS of HTML reports, in light and dark.

import { markup } from './html';

/**
 * The style of pages. Each colour has a contrast of at least 4.5:1 to its background, in light and dark; no font and no
 * picture is loaded.
 */
export const STYLE = markup`
:root {
  color-scheme: light dark;
  --ground: #fff; --raised: #f4f5f7; --line: #c9cdd3; --ink: #1b1f24; --quiet: #57606a;
  --good: #116329; --bad: #b3161d; --unsure: #845306;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14171b; --raised: #1f242a; --line: #444c56; --ink: #e6e9ed; --quiet: #a3acb7;
    --good: #5fce7c; --bad: #ff8a80; --unsure: #e5b454;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; max-width: 80rem; padding: 1.5rem;
  background: var(--ground); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere;
}
h1 { font-size: 1.5rem; line-height: 1.3; margin: 0 0 .25rem; }
h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; }
h3 { font-size: 1rem; margin: 1.5rem 0 .5rem; }
p { margin: 0; }
h1 .good, .good > p:first-child { color: var(--good); }
h1 .bad, .bad > p:first-child { color: var(--bad); }
h1 .unsure, .unsure > p:first-child { color: var(--unsure); }
h1 + .answer { font-size: 1.1rem; font-weight: 600; margin-bottom: 1rem; }
.counts { color: var(--quiet); margin-bottom: 1rem; }
code, pre { font: .9em/1.5 ui-monospace, monospace; }
.whole { white-space: nowrap; }
.far {
  display: inline-block; width: .8em; height: .8em; margin-right: .3em; border: .1em solid; border-radius: 50%; vertical-align: -.05em;
  background: linear-gradient(currentColor, currentColor) 50% / 100% .1em no-repeat, linear-gradient(currentColor, currentColor) 50% / .1em 100% no-repeat;
}
ul { margin: 0; padding-left: 1.25rem; }
li { margin: .5rem 0; }
li li { margin: .25rem 0; }
dl { margin: .25rem 0 0; display: grid; grid-template-columns: max-content 1fr; gap: 0 .75rem; }
dt { color: var(--quiet); }
dd { margin: 0; }
pre { margin: .5rem 0; padding: .5rem .75rem; background: var(--raised); white-space: pre-wrap; }
ins { color: var(--good); text-decoration: none; }
del { color: var(--bad); text-decoration: none; }
section { overflow-x: auto; }
figure { margin: 1rem 0; }
figcaption { color: var(--quiet); font-size: .9rem; }
svg { display: block; width: 100%; height: auto; overflow: visible; font-size: 13px; fill: var(--ink); }
svg rect { fill: var(--raised); stroke: var(--line); }
svg path { fill: none; stroke: currentColor; stroke-width: 2; }
svg .good { color: var(--good); fill: var(--good); }
svg .bad { color: var(--bad); fill: var(--bad); }
svg .unsure { color: var(--unsure); fill: var(--unsure); }
figure > ul { display: none; }
[hidden] { display: none !important; }
form { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; margin: 1rem 0; padding: .75rem; background: var(--raised); }
input { font: inherit; accent-color: var(--quiet); }
[type=search] { width: 16rem; max-width: 100%; }
details { margin: .5rem 0; }
summary { cursor: pointer; }
summary h2, summary h3 { display: inline; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; overflow-wrap: break-word; }
.long { overflow-wrap: anywhere; }
th, td { border-bottom: 1px solid var(--line); padding: .4rem .6rem; text-align: left; vertical-align: top; }
thead th, thead td { background: var(--raised); }
td[data-column=Side] { min-width: 8.5rem; }
td[data-column=Why] { min-width: 13rem; }
td[data-column=by] { min-width: 7rem; }
@media screen and (max-width: 60rem) {
  svg { display: none; }
  figure > ul { display: block; }
  th, td { padding: .4rem .25rem; }
  td[data-column] { min-width: 0; }
}
@media screen and (max-width: 48rem) {
  body { padding: 1rem; }
  h1 { font-size: 1.15rem; }
  h1 + .answer { font-size: 1rem; }
  table, tbody, tr, td { display: block; }
  thead { display: none; }
  tr { border: 1px solid var(--line); border-radius: .4rem; margin: .6rem 0; padding: .3rem .6rem; }
  td, td[data-column] { border: 0; min-width: 0; padding: .1rem 0 .1rem 5.5rem; position: relative; }
  tr td[data-column=''] { padding-left: 0; font-weight: 600; }
  td:empty { display: none; }
  td::before { content: attr(data-column); position: absolute; left: 0; color: var(--quiet); }
}
@media print {
  :root {
    --ground: #fff; --raised: #fff; --line: #999; --ink: #000; --quiet: #444;
    --good: #116329; --bad: #b3161d; --unsure: #845306;
  }
  form { display: none; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  h2, h3, summary { break-after: avoid; }
  tr, li { break-inside: avoid; }
}
`;
