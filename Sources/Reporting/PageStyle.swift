/// The look of a page.
enum PageStyle {
  static let text = #"""

    :root { --ink: #1b2433; --quiet: #5a6678; --line: #dde2ea; --soft: #f5f7fa; --accent: #00588c;
      font-family: system-ui, "Helvetica Neue", Arial, sans-serif; color: var(--ink); background: #fff;
      font-size: 16px; line-height: 1.45; }
    * { box-sizing: border-box; }
    body { margin: 0 auto; max-width: 1760px; padding: 0 clamp(16px, 3vw, 56px) 48px; }
    h1, h2, h3, p, dl, dd, ul, figure { margin: 0; }
    .top { padding: 40px 0 18px; border-bottom: 3px solid var(--accent); }
    h1 { font-size: clamp(26px, 2.4vw, 38px); line-height: 1.15; letter-spacing: -0.01em; font-weight: 700; }
    .verdict { font-size: clamp(18px, 1.45vw, 23px); margin-top: 12px; max-width: 70em; color: #2b3749; }
    .facts { list-style: none; padding: 0; margin-top: 14px; display: flex; flex-wrap: wrap; gap: 8px; }
    .facts li { background: var(--soft); border: 1px solid var(--line); border-radius: 99px; padding: 2px 12px;
      font-size: 14px; color: var(--quiet); }
    nav { display: flex; flex-wrap: wrap; gap: 4px 22px; padding: 12px 0; font-size: 15px; }
    nav a { color: var(--accent); text-decoration: none; }
    nav a:hover, nav a:focus-visible { text-decoration: underline; }
    .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(215px, 1fr)); gap: 12px; }
    .c7, .c8 { grid-template-columns: repeat(4, 1fr); } .c6 { grid-template-columns: repeat(3, 1fr); }
    .figure { background: var(--soft); border: 1px solid var(--line); border-top: 4px solid var(--accent);
      border-radius: 6px; padding: 12px 16px 14px; }
    .figure dt { font-size: 14px; color: var(--quiet); display: flex; justify-content: space-between;
      align-items: baseline; gap: 8px; }
    .value { font-size: 30px; font-weight: 650; font-variant-numeric: tabular-nums; letter-spacing: -0.02em; }
    .unit { font-size: 18px; color: #2b3749; }
    .spread { display: block; font-size: 16px; color: #2b3749; font-variant-numeric: tabular-nums; }
    .interval, .figure .note { font-size: 13.5px; color: var(--quiet); font-variant-numeric: tabular-nums; }
    .reading { font-size: 14px; color: var(--quiet); margin: 10px 0 0; }
    .warnings { margin-top: 22px; background: #fff7e6; border: 1px solid #e6b566; border-left: 6px solid #d55e00;
      border-radius: 6px; padding: 14px 20px 14px; }
    .warnings h2 { font-size: 17px; margin: 0 0 6px; border: 0; padding: 0; color: #8a3b00; }
    .warnings ul { padding-left: 0; list-style: none; }
    .warnings li { padding: 3px 0; font-size: 15px; }
    .stage { font-weight: 650; } .stage::after { content: ":"; } .warnings code { color: #8a6a4a; margin-left: 6px; }
    code, pre { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: 0.87em; }
    .recipe { margin-top: 22px; border: 1px solid var(--line); border-radius: 6px; }
    .recipe summary { padding: 10px 16px; cursor: pointer; font-weight: 600; }
    .recipe pre { margin: 0; padding: 14px 18px; background: var(--soft); border-top: 1px solid var(--line);
      overflow-x: auto; line-height: 1.5; white-space: pre-wrap; }
    section > h2 { font-size: 25px; letter-spacing: -0.01em; margin: 40px 0 6px; padding-bottom: 6px;
      border-bottom: 1px solid var(--line); }
    .lead { color: #2b3749; max-width: 72em; margin-bottom: 4px; }
    .grid { display: grid; grid-template-columns: repeat(6, minmax(0, 1fr)); gap: 20px 24px; margin-top: 14px; }
    .full { grid-column: span 6; } .half { grid-column: span 3; } .third { grid-column: span 2; }
    .twoThirds { grid-column: span 4; }
    figure { border: 1px solid var(--line); border-radius: 8px; padding: 14px 16px 12px; height: 100%;
      display: flex; flex-direction: column; }
    .head { display: flex; justify-content: space-between; align-items: baseline; gap: 10px; }
    h3 { font-size: 17px; font-weight: 650; }
    .save { border: 1px solid var(--line); background: #fff; color: var(--quiet); border-radius: 4px;
      font: inherit; font-size: 11px; padding: 1px 6px; cursor: pointer; }
    .save:hover { color: var(--accent); border-color: var(--accent); }
    .legend { display: flex; flex-wrap: wrap; gap: 3px 16px; min-height: 24px; margin: 5px 0 4px; font-size: 14px;
      color: #2b3749; align-items: center; }
    .legend:empty { min-height: 6px; margin: 0; }
    .legend button { border: 0; background: none; font: inherit; color: inherit; padding: 0; display: inline-flex;
      align-items: center; gap: 7px; cursor: pointer; }
    .legend button[aria-pressed=false] { opacity: 0.4; text-decoration: line-through; }
    .swatch { width: 22px; height: 0; border-top: 3px solid; display: inline-block; }
    .swatch.dot { width: 10px; height: 10px; border: 0; border-radius: 50%; }
    .swatch.box { width: 18px; height: 11px; border: 0; border-radius: 2px; }
    .swatch.dash { border-top-style: dashed; border-top-width: 2px; }
    .ramp { width: 90px; height: 10px; border-radius: 2px; display: inline-block; }
    .shading { display: inline-flex; align-items: center; gap: 7px; }
    .plot { position: relative; flex: 1 0 350px; } .plot canvas { position: absolute; }
    .third .plot { flex-basis: 270px; } .full .plot { flex-basis: 420px; }
    .plot.fitted { flex: none; } .plot.fitted canvas { position: static; display: block; width: 100%; }
    .readout { font-size: 13px; color: var(--quiet); min-height: 20px; font-variant-numeric: tabular-nums; }
    .failed { color: #a02000; font-weight: 600; }
    figcaption, .caption { font-size: 14px; color: var(--quiet); margin-top: 8px; }
    .scroll { overflow-x: auto; } .tall { max-height: 560px; overflow-y: auto; border: 1px solid var(--line);
      border-radius: 6px; }
    table { border-collapse: collapse; width: 100%; font-size: 15px; }
    th, td { padding: 6px 12px; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
    thead th { font-size: 13.5px; font-weight: 600; color: var(--quiet); border-bottom: 2px solid #b9c2cf;
      vertical-align: bottom; }
    tbody th { font-weight: 500; }
    tbody tr:hover { background: var(--soft); }
    .n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
    .s { white-space: nowrap; font-variant-numeric: tabular-nums; padding-left: 0; }
    .numbers td.n:nth-child(2) { font-weight: 650; }
    .line { white-space: nowrap; }
    .quiet { color: var(--quiet); }
    table .note { display: block; font-size: 13px; color: var(--quiet); font-weight: 400; }
    .best td { font-weight: 650; background: #e8f2f9; }
    h3 + .scroll { margin-top: 6px; }
    .mark, .kind { display: inline-block; border-radius: 4px; padding: 0 7px; font-size: 12.5px; line-height: 1.55;
      border: 1px solid; white-space: nowrap; font-weight: 500; }
    .mark.predicted { color: #00543e; background: #e3f4ee; border-color: #8accb5; }
    .mark.conditional { color: #004a7a; background: #e5f1f9; border-color: #8fc0e0; }
    .mark.calibrated { color: #7a3200; background: #fdeee0; border-color: #e3a877; }
    .mark.bound { color: #464f5d; background: #eef0f3; border-color: #c3cad4; }
    .kind.measured { color: #00543e; background: #e3f4ee; border-color: #8accb5; }
    .kind.computed { color: #004a7a; background: #e5f1f9; border-color: #8fc0e0; }
    .kind.estimated { color: #6b4e00; background: #fdf5d8; border-color: #dcc468; }
    .kind.assumed { color: #7d1f52; background: #fbe9f2; border-color: #dfa3c3; }
    .filters { display: flex; flex-wrap: wrap; gap: 10px; margin: 12px 0; align-items: center; }
    .filters input { font: inherit; font-size: 15px; padding: 5px 12px; border: 1px solid #b9c2cf; border-radius: 6px;
      width: 320px; max-width: 100%; }
    .filters button { font: inherit; font-size: 14px; padding: 3px 12px; cursor: pointer; }
    .filters .kind[aria-pressed=false] { opacity: 0.35; }
    .filters .mark[aria-pressed=true] { outline: 2px solid #d55e00; }
    .provenance { font-size: 14px; }
    .provenance thead th { position: sticky; top: 0; background: #fff; z-index: 1; }
    .provenance thead button { font: inherit; color: inherit; border: 0; background: none; padding: 0; cursor: pointer; }
    .provenance thead button::after { content: " ↕"; color: #b9c2cf; }
    .provenance [aria-sort=ascending] button::after { content: " ↑"; color: var(--accent); }
    .provenance [aria-sort=descending] button::after { content: " ↓"; color: var(--accent); }
    .provenance a { color: var(--accent); }
    a:focus-visible, button:focus-visible, summary:focus-visible, input:focus-visible { outline: 3px solid #56b4e9;
      outline-offset: 2px; }
    [hidden] { display: none !important; }
    footer { margin-top: 40px; padding-top: 12px; border-top: 1px solid var(--line); font-size: 14px;
      color: var(--quiet); }
    @media (min-width: 1500px) { .c6 { grid-template-columns: repeat(6, 1fr); } }
    @media (max-width: 900px) { .c6, .c7, .c8 { grid-template-columns: repeat(2, 1fr); } .half, .third, .twoThirds { grid-column: span 6; } }
    @media print {
      body { max-width: none; padding: 0; } nav, .save, .filters, .readout { display: none; }
      figure, .figure, .warnings, tr { break-inside: avoid; } h2 { break-after: avoid; }
      .tall { max-height: none; overflow: visible; } .provenance thead th { position: static; }
    }

    """#
}
