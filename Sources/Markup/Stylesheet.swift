/// The style of all pages: plain, dark on white, wide enough to read, and the same on paper.
enum Stylesheet {
    static let text = """
        :root { --ink: #0b0c0c; --quiet: #505a5f; --line: #b1b4b6; --blue: #12436D; --teal: #28A197; --plum: #801650;
          --orange: #F46A25; --panel: #f3f2f1; }
        * { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; }
        body { margin: 0; color: var(--ink); background: #fff; font: 1rem/1.5 Arial, Helvetica, sans-serif; }
        header, main, footer { max-width: 68rem; margin: 0 auto; padding: 0 1rem; }
        header { padding-top: 1.5rem; }
        h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .5rem; }
        h2 { font-size: 1.45rem; line-height: 1.25; margin: 2.5rem 0 .75rem; padding-top: .75rem; border-top: 2px solid var(--blue); }
        h3 { font-size: 1.15rem; line-height: 1.3; margin: 1.75rem 0 .5rem; }
        p, ul, ol { max-width: 46rem; margin: 0 0 .8rem; overflow-wrap: anywhere; }
        li { margin: .15rem 0; }
        a { color: var(--blue); text-underline-offset: .15em; }
        a:focus, .scroll:focus { outline: 3px solid var(--blue); outline-offset: 2px; }
        code { font-family: Consolas, Menlo, monospace; font-size: .95em; overflow-wrap: anywhere; }
        .skip { position: absolute; left: -99rem; }
        .skip:focus { left: 1rem; top: 1rem; background: #fff; padding: .5rem; z-index: 1; }
        .quiet { color: var(--quiet); }
        .verdict { border: 4px solid var(--plum); padding: 1rem 1.25rem; margin: 1rem 0 1.5rem; }
        .verdict.good { border-color: #00625a; }
        .verdict p { margin: 0; }
        .verdict .word { font-size: 1.5rem; font-weight: bold; line-height: 1.25; margin-bottom: .35rem; }
        .figures { display: flex; flex-wrap: wrap; gap: .75rem; margin: 0 0 1rem; padding: 0; max-width: none; list-style: none; }
        .figures li { background: var(--panel); padding: .6rem .9rem; margin: 0; min-width: 0; flex: 1 1 9rem; overflow-wrap: anywhere; }
        .figures b { display: block; font-size: 1.4rem; font-variant-numeric: tabular-nums; }
        .scroll { overflow-x: auto; margin: 0 0 1.25rem; }
        table { border-collapse: collapse; width: 100%; font-size: .95rem; }
        caption { text-align: left; font-weight: bold; padding: .25rem 0 .5rem; }
        th, td { text-align: left; vertical-align: top; padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--line); }
        thead th { border-bottom: 2px solid var(--ink); vertical-align: bottom; }
        tbody th { font-weight: normal; }
        .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
        .short { white-space: nowrap; }
        td, tbody th { overflow-wrap: break-word; }
        .hash { overflow-wrap: anywhere; font-family: Consolas, Menlo, monospace; font-size: .85rem; }
        figure { margin: 1rem 0; }
        figcaption { font-weight: bold; margin-bottom: .5rem; }
        svg { display: block; width: 100%; min-width: 34rem; max-width: 52rem; height: auto; }
        svg text { font-family: Arial, Helvetica, sans-serif; fill: var(--ink); }
        nav ul { columns: 2 15rem; padding-left: 1.1rem; }
        footer { color: var(--quiet); padding-top: 1rem; padding-bottom: 2rem; }
        @media (max-width: 30rem) {
          h1 { font-size: 1.5rem; } h2 { font-size: 1.25rem; } .verdict { padding: .75rem; }
        }
        @media print {
          @page { size: A4; margin: 15mm; }
          body { font-size: 10pt; } header, main, footer { max-width: none; padding: 0; }
          .scroll { overflow: visible; } table { font-size: 8.5pt; } thead { display: table-header-group; }
          tr, figure, .verdict { break-inside: avoid; } h2, h3, caption { break-after: avoid; }
          .skip, nav { display: none; } svg { min-width: 0; }
          td, th { overflow-wrap: anywhere; } .number { overflow-wrap: normal; }
        }

        """
}
