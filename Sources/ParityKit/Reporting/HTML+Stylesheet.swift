internal import Formats

extension Report {
  /// The colours are distinguishable with impaired colour vision, and have a contrast of at least 4.5 in both schemes.
  static let style: HTML = """
    :root { color-scheme: light dark; --paper: #fcfcfb; --panel: #f3f4f4; --ink: #1c2024; --muted: #59626c; --line: #d8dcdf;
      --good: #1b6b40; --bad: #a92318; --bad-back: #fbe6e2; --warn: #7a4f00; --warn-back: #fbf0d6; --link: #0a559e;
      --life: #a3acb5; --mark: #ffc9c0; }
    @media (prefers-color-scheme: dark) { :root { --paper: #131619; --panel: #1b1f24; --ink: #e4e7ea; --muted: #9ba5af;
      --line: #30363d; --good: #74cf9b; --bad: #ff9d90; --bad-back: #3a1f1c; --warn: #ecc273; --warn-back: #35290f;
      --link: #8bc0f6; --life: #56616c; --mark: #7d2e25; } }
    * { box-sizing: border-box; }
    html { scroll-padding-top: 4rem; }
    body { margin: 0 auto; max-width: 72rem; padding: 0 1.25rem 4rem; background: var(--paper); color: var(--ink);
      font: 1rem/1.5 system-ui, sans-serif; }
    code, pre, small, .grid td { font-variant-ligatures: none; font-feature-settings: "tnum"; }
    code, pre { font-family: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, "DejaVu Sans Mono", monospace; font-size: .875em;
      overflow-wrap: anywhere; white-space: pre-wrap; }
    .findings { padding-left: 1.25rem; overflow-wrap: anywhere; }
    small { color: var(--muted); font-size: .75rem; white-space: nowrap; }
    a { color: var(--link); text-underline-offset: .15em; text-decoration-thickness: 1px; }
    table a, .names a { text-decoration-color: color-mix(in srgb, currentColor 35%, transparent); }
    a:hover { text-decoration-color: currentColor; text-decoration-thickness: 2px; }
    :focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 2px; }
    .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
    .skip { position: absolute; left: -100vw; padding: .5rem 1rem; background: var(--paper); }
    .skip:focus { left: 0; }
    h1, h2, h3, h4, h5 { line-height: 1.25; text-wrap: balance; margin: 0; }
    header { margin: 2.5rem 0 2rem; padding-left: 1.25rem; border-left: 4px solid; }
    header.same { border-color: var(--good); } header.different { border-color: var(--bad); }
    header.hung, header.varies { border-color: var(--warn); }
    .eyebrow { margin: 0; color: var(--muted); font-size: .8125rem; letter-spacing: .08em; text-transform: uppercase; }
    h1 { font-size: 1.875rem; font-weight: 650; letter-spacing: -.015em; margin: .125rem 0 1rem; }
    h2 { font-size: 1.25rem; font-weight: 650; margin: 2.75rem 0 .875rem; }
    h3 { font-size: 1rem; font-weight: 650; }
    h4 { font-size: .9375rem; font-weight: 600; margin: 1.75rem 0 .625rem; }
    h5 { font-size: .8125rem; font-weight: 600; color: var(--muted); margin: 0 0 .5rem; }
    p { margin: .5rem 0; max-width: 68ch; }
    dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.25rem; margin: 0; font-size: .9375rem; }
    dt { color: var(--muted); } dd { margin: 0; min-width: 0; }
    .sign { font-weight: 700; }
    .different > h3 .sign { color: var(--bad); } .hung > h3 .sign, .varies > h3 .sign { color: var(--warn); }
    .sign.same { color: var(--good); } .sign.different, .differs .sign { color: var(--bad); } .sign.hung, .sign.varies { color: var(--warn); }
    .wide { overflow-x: auto; position: relative; }
    table { border-collapse: collapse; font-size: .875rem; line-height: 1.4; }
    th, td { text-align: left; vertical-align: baseline; padding: .3125rem .875rem .3125rem 0; border-bottom: 1px solid var(--line); }
    thead th { color: var(--muted); font-weight: 500; white-space: nowrap; }
    tbody th { font-weight: 500; }
    .grid { width: 100%; }
    .grid td { white-space: nowrap; padding-left: .5rem; }
    .grid thead th + th { padding-left: .5rem; }
    .grid tbody th { white-space: nowrap; position: sticky; left: 0; background: var(--paper); }
    .grid tbody tr:hover > * { background: var(--panel); }
    td.same { color: var(--good); } td.quiet, td.known { color: var(--muted); }
    td.different { background: var(--bad-back); font-weight: 600; } td.different a { color: var(--bad); }
    td.hung, td.varies { background: var(--warn-back); font-weight: 600; } td.hung a, td.varies a { color: var(--warn); }
    .legend, .more, caption { color: var(--muted); font-size: .8125rem; text-align: left; }
    caption { padding-bottom: .375rem; } abbr { text-decoration: none; }
    article { margin: 0 0 1rem; padding: .875rem 1.125rem; background: var(--panel); border-radius: 6px; border-left: 3px solid var(--warn); }
    article.different { border-color: var(--bad); } article.known { border-color: var(--line); }
    .excerpt { margin: .5rem 0; width: 100%; }
    .excerpt th { width: 3.5rem; color: var(--muted); font-weight: 500; } .excerpt td { padding-right: 0; }
    .excerpt tr:last-child > * { border-bottom: 0; }
    .excerpt code { display: block; white-space: pre-wrap; }
    mark { background: var(--mark); color: inherit; border-radius: 2px; padding: .05em .1em; font-weight: 600;
      text-decoration: underline; text-decoration-thickness: 1.5px; text-underline-offset: .2em; }
    mark.none { font-style: italic; font-weight: 400; opacity: 1; }
    .names { display: flex; flex-wrap: wrap; gap: .125rem .875rem; list-style: none; margin: .5rem 0 0; padding: 0; font-size: .8125rem; }
    .trouble { color: var(--warn); font-weight: 500; }
    .scenario { border-bottom: 1px solid var(--line); } .scenario:first-of-type { border-top: 1px solid var(--line); }
    summary { cursor: pointer; }
    .scenario > summary { display: flex; flex-wrap: wrap; align-items: baseline; gap: .25rem .75rem; padding: .5rem 0; }
    .scenario > summary::before { content: "▸"; color: var(--muted); width: .75rem; }
    .scenario[open] > summary::before { content: "▾"; }
    .scenario > summary:hover { background: var(--panel); }
    .body { padding: 0 0 2rem 1.5rem; } .body > p:first-child { margin-top: 0; color: var(--muted); }
    .chip { font-size: .8125rem; padding: 0 .5rem; border-radius: 1rem; color: var(--warn); background: var(--warn-back); }
    .chip.different { color: var(--bad); background: var(--bad-back); } .chip.known { color: var(--muted); background: var(--panel); }
    .diagram { margin: 0 0 1.5rem; font-size: .8125rem; }
    .rows { list-style: none; margin: 0; padding: 0; }
    .pair { display: grid; grid-template-columns: minmax(0, 1fr) 2.25rem minmax(0, 1fr); } .pair > :last-child { grid-column: 3; }
    .pair > i { font-style: normal; font-weight: 700; text-align: center; align-self: center; color: var(--bad); }
    .noise > i { color: var(--muted); }
    .ends { display: flex; justify-content: space-between; }
    .ends b { font-weight: 500; padding: .0625rem .5rem; background: var(--panel); border: 1px solid var(--life); border-radius: 4px; }
    .lane { border: solid var(--life); border-width: 0 1.5px; margin: 0 1.25rem; padding: .4375rem 0; position: relative; display: grid; align-items: end; }
    .differs .lane { background: var(--bad-back); } .noise .lane { background: var(--panel); }
    .side { display: none; }
    .arrow { position: relative; padding: 0 .875rem .1875rem; text-align: center; border-bottom: 1.5px solid var(--ink); }
    .arrow::after { content: ""; position: absolute; bottom: -5.25px; border: 4.5px solid transparent; }
    .to::after { right: 0; border-left: 8px solid var(--ink); border-right: 0; }
    .from::after { left: 0; border-right: 8px solid var(--ink); border-left: 0; }
    .cut { border-bottom-style: dashed; } .cut::after { content: "✕"; border: 0; bottom: -.7em; font-weight: 700; line-height: 1.3; }
    .note { justify-self: center; padding: 0 .5rem; color: var(--muted); font-style: italic; }
    .skipped { text-align: center; color: var(--muted); padding: .375rem; }
    .sides { width: 100%; table-layout: fixed; } .sides th:first-child { width: 9rem; } .sides td { overflow-wrap: anywhere; }
    .sides tr.differs td { background: var(--bad-back); } .sides tr.noise td { background: var(--panel); } .noise mark { background: var(--line); } .sides td { padding-left: .5rem; } .sides thead th + th { padding-left: .5rem; }
    pre { white-space: pre-wrap; background: var(--panel); border-radius: 6px; padding: .75rem 1rem; margin: .5rem 0; line-height: 1.45; }
    .body details summary { font-size: .875rem; color: var(--muted); }
    @media (max-width: 40rem) {
      body { padding: 0 .875rem 3rem; } header { margin-top: 1.5rem; padding-left: .875rem; } .body { padding-left: 0; }
      h1 { font-size: 1.5rem; }
      .pair { grid-template-columns: minmax(0, 1fr); } .pair > i, .twin, .heads .ends + .ends { display: none; } .pair > :last-child { grid-column: 1; }
      .lane { margin: 0 .75rem; } .side { display: block; color: var(--bad); font-weight: 600; padding-left: .5rem; }
      .noise .side { color: var(--muted); } .heads .ends b:last-child { font-size: 0; }
      .heads .ends b:last-child::after { content: "program"; font-size: .8125rem; } .sides th:first-child { width: 6rem; }
      .grid thead { display: none; } .grid tr { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); }
      .grid tbody th { grid-column: 1 / -1; position: static; border-bottom: 0; white-space: normal; }
      .grid td { padding: .125rem .25rem; white-space: normal; overflow-wrap: anywhere; }
      .grid td[data-label]::before { content: attr(data-label); display: block; color: var(--muted); font-weight: 400; font-size: .75rem; }
      .masks { table-layout: fixed; width: 100%; } .masks * { overflow-wrap: anywhere; white-space: normal; }
      dl { grid-template-columns: 1fr; gap: 0; } dt { margin-top: .375rem; }
    }
    @media print {
      body { max-width: none; font-size: 10pt; } .skip { display: none; } * { print-color-adjust: exact; }
      .wide { overflow: visible; } article, .pair, tr { break-inside: avoid; } h2, h3, h4, h5 { break-after: avoid; }
    }

    """
}
