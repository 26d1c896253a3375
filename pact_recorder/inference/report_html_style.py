"""The style sheet of the report page: one column of calm text, light or dark as the reader prefers, and for paper.

Strength is never told by colour alone: the words stand beside each bar, and the bar of a single sample is hatched.
"""

from typing import Final

STYLE: Final = """
:root {
  color-scheme: light dark;
  --page: #fbfaf8; --card: #ffffff; --ink: #22262b; --quiet: #59616b; --line: #dfdcd6; --soft: #f1efeb; --link: #1a5a96;
  --one: #a44a08; --few: #8a6d00; --many: #1d7a4f; --track: #e7e4de;
  --ok: #1d6b45; --moved: #355f92; --wrong: #8f4a00; --broken: #a3262e; --code: #3a3350;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #16181b; --card: #1d2024; --ink: #e4e2de; --quiet: #a3a9b1; --line: #353a41; --soft: #262a2f;
    --link: #8dbdf0;
    --one: #f0995a; --few: #dcc14e; --many: #5cc592; --track: #353a41;
    --ok: #73cda0; --moved: #94bcec; --wrong: #eeb070; --broken: #f5959a; --code: #d3c9ee;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; -webkit-text-size-adjust: 100%; }
body {
  margin: 0 auto; max-width: 76rem; padding: 2rem 1.5rem 5rem; overflow-wrap: anywhere;
  background: var(--page); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif;
}
code, .method { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; font-size: .92em; }
code { color: var(--code); }
h1, h2, h3, h4, th, td, li, p, dd, code, a, b, small { unicode-bidi: isolate; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .25rem; letter-spacing: -.01em; }
h2 { font-size: 1.25rem; margin: 2.75rem 0 .75rem; padding-bottom: .3rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.5rem 0 .5rem; }
h4 { display: inline; font-size: .95rem; font-weight: 600; margin: 0; }
a { color: var(--link); text-underline-offset: .15em; text-decoration-thickness: 1px; }
a code, a .method { color: inherit; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 2px; }
summary { cursor: pointer; }
.quiet, .more, small, caption, .label, dt { color: var(--quiet); }
.more { font-style: italic; }
.method { font-weight: 700; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: .5rem; padding: .25rem .75rem; background: var(--card); }

.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .75rem; margin: 0; }
.figures div { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: .7rem .9rem; }
dt { font-size: .82rem; }
dd { margin: 0; font-size: 1.5rem; line-height: 1.3; font-variant-numeric: tabular-nums; }
dd small { display: block; font-size: .8rem; }
.shares { display: flex; gap: 2px; height: 14px; border-radius: 4px; overflow: hidden; }
.shares i { flex: 1 1 0; min-width: 3px; }
.legend {
  list-style: none; padding: 0; margin: .6rem 0 0; display: flex; flex-wrap: wrap; gap: .2rem 1.5rem; font-size: .9rem;
}
.key { display: inline-block; width: .8rem; height: .8rem; border-radius: 3px; margin-right: .45rem; }
.advice { padding-left: 1.4rem; }
.advice li { margin: .4rem 0; }
.advice small { display: block; font-size: .82rem; }
.how { margin-top: 1.5rem; color: var(--quiet); font-size: .92rem; max-width: 46rem; }

.one { background: repeating-linear-gradient(135deg, var(--one) 0 3px, transparent 3px 5px) var(--track); }
.few { background: var(--few); }
.many { background: var(--many); }
.bar { display: inline-block; width: 5.5rem; height: .55rem; border-radius: 3px; overflow: hidden; }
.bar { background: var(--track); }
.bar i { display: block; height: 100%; min-width: 2px; }
.bar.one i { background: repeating-linear-gradient(135deg, var(--one) 0 3px, transparent 3px 5px); }
.bar.few i { background: var(--few); }
.bar.many i { background: var(--many); }
.bar.none i { display: none; }

table { width: 100%; border-collapse: collapse; font-size: .875rem; margin: .5rem 0 1.25rem; }
caption { text-align: left; font-weight: 600; font-size: .82rem; padding: .4rem 0; }
th, td { text-align: left; vertical-align: top; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); }
thead th { font-size: .78rem; font-weight: 600; color: var(--quiet); white-space: nowrap; }
tbody th { font-weight: 400; }
.n { text-align: right; font-variant-numeric: tabular-nums; }
th.n, td.n { padding-right: 1.1rem; }
.zero { color: var(--quiet); }
.findings th:first-child { width: 28%; }
.findings td:nth-child(2) { min-width: 7rem; }
.findings .evidence { white-space: nowrap; }
.findings td.why { color: var(--quiet); }
.left td:nth-child(2) { color: var(--quiet); }
.left { background: var(--soft); }
.left th:first-child, .left caption { padding-left: .6rem; }
.left caption { background: var(--soft); }
.contents th:first-child { width: 55%; }
.contents td:nth-child(3), .contents th:nth-child(3) { padding-left: 1rem; }

.operation { margin-top: 2.5rem; padding-top: 1.25rem; border-top: 1px solid var(--line); }
h2 + .operation { border-top: 0; margin-top: 0; padding-top: 0; }
.operation h3 { font-size: 1.1rem; margin-top: 0; }
.chips { list-style: none; display: flex; flex-wrap: wrap; align-items: center; gap: .35rem .6rem; padding: 0; }
ul.chips { margin: .5rem 0; }
.chip {
  display: inline-block; font-size: .8rem; line-height: 1.4; padding: .05rem .55rem; border: 1px solid var(--line);
  border-radius: 999px; background: var(--soft); font-variant-numeric: tabular-nums;
}
.chips small { margin-left: .25rem; }
.s2 { color: var(--ok); border-color: currentColor; }
.s3 { color: var(--moved); border-color: currentColor; }
.s4 { color: var(--wrong); border-color: currentColor; }
.s5 { color: var(--broken); border-color: currentColor; }
.alone { color: var(--one); border-color: currentColor; border-style: dashed; }
.aside { margin: .75rem 0; font-size: .9rem; }
.label { margin: 0; font-size: .78rem; font-weight: 600; }
.aside ul { margin: .15rem 0 0; padding-left: 1.1rem; }
.interaction { background: var(--card); border: 1px solid var(--line); border-radius: 8px; margin: .6rem 0; }
.interaction { padding: 0 1rem; }
.interaction > summary { padding: .55rem 0; }
.interaction > summary > * { margin-right: .5rem; }
.interaction > summary .quiet { font-size: .82rem; }
.note { border-left: 3px solid var(--wrong); padding: .15rem 0 .15rem .75rem; margin: .5rem 0 1rem; }

@media (max-width: 46rem) {
  body { padding: 1.25rem 1rem 3rem; }
  .findings thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .findings, .findings tbody, .findings caption { display: block; }
  .findings tr { display: flex; flex-wrap: wrap; gap: .1rem .9rem; padding: .5rem 0; }
  .findings tr { border-bottom: 1px solid var(--line); }
  .findings th, .findings td, .findings td.n { border: 0; padding: 0; }
  .findings tbody th:first-child, .findings td:nth-child(2), .findings td.why { width: 100%; }
  .findings td.n { text-align: left; color: var(--quiet); font-size: .8rem; }
  .interaction { padding: 0 .7rem; }
  .bar { width: 4rem; }
  .findings td.n::before { content: "distinct "; }
  .findings td.n + td.n::before { content: "null "; }
  .findings td.n + td.n + td.n::before { content: "absent "; }
  .findings td.zero { display: none; }
  .left tr { padding-left: .6rem; padding-right: .6rem; }
  .contents th:first-child { width: auto; }
  .contents td:nth-child(3), .contents th:nth-child(3) { display: none; }
}
@media print {
  :root {
    color-scheme: light;
    --page: #fff; --card: #fff; --ink: #000; --quiet: #444; --line: #bbb; --soft: #f3f3f3; --link: #000; --code: #000;
    --one: #a44a08; --few: #8a6d00; --many: #1d7a4f; --track: #ddd;
    --ok: #1d6b45; --moved: #355f92; --wrong: #8f4a00; --broken: #a3262e;
  }
  @page { margin: 15mm; }
  body { max-width: none; padding: 0; font-size: 9.5pt; }
  .bar, .bar i, .shares i, .key { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .skip { display: none; }
  h2, h3, h4, caption, summary { break-after: avoid; }
  tr, .figures div, .advice li { break-inside: avoid; }
  thead { display: table-header-group; }
  .interaction { border-radius: 0; }
}
"""
