"""How the one page looks: on a telephone, on a desk, on paper. Colours of the NHS identity, all above 4.5 to 1."""

STYLE = """
:root { --ink:#212b32; --soft:#4c6272; --line:#aeb7bd; --blue:#005eb8; --red:#8a1538; --paper:#fff; --pale:#f0f4f5; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 62rem; padding: 0 1rem 4rem; color: var(--ink); background: var(--paper);
  font: 1rem/1.5 Arial, "Noto Sans", "Noto Naskh Arabic", sans-serif; overflow-wrap: anywhere; }
header { border-top: .5rem solid var(--blue); padding-top: 1rem; }
h1 { font-size: 2rem; line-height: 1.2; margin: .5rem 0; }
h2 { font-size: 1.5rem; line-height: 1.3; margin: 3rem 0 1rem; padding-top: 1rem; border-top: 2px solid var(--blue); }
h3 { font-size: 1.2rem; line-height: 1.3; margin: 2rem 0 .75rem; }
h4, article > h3, li > h3 { font-size: 1rem; margin: 0 0 .25rem; }
p { margin: 0 0 .35rem; } ul { margin: 0 0 .35rem; padding-left: 1.25rem; }
header p { color: var(--soft); } a { color: var(--blue); }
.skip:not(:focus) { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
nav ol { padding-left: 1.5rem; columns: 2 18rem; } nav h2 { border: 0; padding: 0; margin: 1.5rem 0 .5rem; }
nav a { display: inline-block; padding: .15rem 0; }
article { padding: .6rem 0 .6rem .75rem; border-left: 3px solid var(--line); margin: 0 0 .9rem; }
article.grave, tr.grave > th { border-left: 6px solid var(--red); }
.flag { color: #fff; background: var(--red); padding: 0 .35rem; font-size: .85rem; }
code { font: .8rem/1.4 ui-monospace, monospace; color: var(--soft); font-weight: normal; }
.mark, .note { display: block; font-weight: normal; font-size: .9rem; background: #fff5d0; color: var(--ink);
  border-left: 4px solid #b8860b; padding: .2rem .5rem; margin: .2rem 0; }
dl { margin: .25rem 0 0; } dl > div { display: grid; grid-template-columns: minmax(8rem, 13rem) 1fr; gap: .1rem 1rem;
  padding: .2rem 0; } dt { color: var(--soft); } dd { margin: 0; } dd p:last-child, td p:last-child { margin: 0; }
span[lang] { display: block; width: fit-content; max-width: 100%; } [dir=rtl] { text-align: right; }
.lang { color: var(--soft); font-size: .8rem; } .sample .lang { display: none; }
.foreign { display: grid; grid-template-columns: 6rem 1fr; } td .foreign, .sample .foreign { display: block; }
.sample dd p { background: var(--pale); border-radius: .6rem; padding: .6rem .8rem; max-width: 34rem; }
.timeline { list-style: none; padding: 0; margin: 0; }
.timeline > li { border-left: 3px solid var(--blue); padding: 0 0 1.2rem 1.2rem; margin-left: .5rem;
  position: relative; }
.timeline > li::before { content: ""; position: absolute; left: -.5rem; top: .35rem; width: .8rem; height: .8rem;
  border-radius: 50%; background: var(--blue); }
.timeline > li:last-child { border-left-color: transparent; }
table { border-collapse: collapse; width: 100%; }
caption, .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
th, td { text-align: left; vertical-align: top; padding: .5rem .6rem .5rem 0; border-bottom: 1px solid var(--line); }
th, td { overflow-wrap: break-word; }
tbody th { padding-left: .5rem; min-width: 8rem; } .label { display: none; }
@media (max-width: 48rem) {
  dl > div { grid-template-columns: 1fr; gap: 0; } .foreign { grid-template-columns: 5.5rem 1fr; }
  nav ol { columns: 1; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table, tbody, tr, tbody th, td { display: block; width: 100%; }
  tr { border-bottom: 2px solid var(--line); padding: .5rem 0; } th, td { border: 0; padding: .2rem 0; }
  td.empty { display: none; } .label { display: block; color: var(--soft); font-weight: normal; }
}
@media print {
  body { max-width: none; font-size: 10pt; padding: 0; } .skip { display: none; } a { color: inherit; }
  h2 { break-before: page; } nav h2 { break-before: auto; } h2, h3, h4 { break-after: avoid; }
  tr, dl > div, .timeline > li { break-inside: avoid; }
  .flag { border: 1px solid var(--red); color: var(--red); background: none; }
  .sample dd p { border: 1px solid var(--line); }
}
""".strip()
