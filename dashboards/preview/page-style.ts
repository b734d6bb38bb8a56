/** How the page looks: Grafana's grid on a screen, one column on a phone. */
export const PAGE_STYLE = `
  * { box-sizing: border-box; }
  body { margin: 0; background: #111217; color: #ccccdc; font: 14px/1.45 Inter, system-ui, sans-serif; }
  nav { position: sticky; top: 0; z-index: 9; display: flex; gap: 4px; overflow-x: auto; padding: 8px 12px; background: #181b1f; border-bottom: 1px solid #2c3235; }
  nav a { padding: 4px 10px; border-radius: 4px; color: #ccccdc; text-decoration: none; white-space: nowrap; }
  nav a:hover { background: #2c3235; }
  section { padding: 12px; scroll-margin-top: 44px; }
  h1 { margin: 6px 4px 0; font-size: 20px; }
  header p { margin: 2px 4px 10px; color: #9fa7b3; }
  .grid { display: grid; grid-template-columns: repeat(24, 1fr); grid-auto-rows: 30px; gap: 8px; }
  article { display: flex; flex-direction: column; min-width: 0; overflow: hidden; background: #181b1f; border: 1px solid #2c3235; border-radius: 4px; }
  h2 { margin: 0; padding: 7px 10px 3px; font-size: 13.5px; font-weight: 600; }
  article > div, article > svg { flex: 1; min-height: 0; }
  .chart { margin: 0 6px 4px; }
  .stat { margin: auto; padding: 0 6px 8px; font-size: 30px; font-weight: 600; white-space: nowrap; }
  .empty { margin: auto; padding: 0 18px 12px; color: #9fa7b3; text-align: center; }
  .table { overflow: auto; padding: 0 4px; }
  table { width: 100%; border-collapse: collapse; font-size: 13px; }
  th { position: sticky; top: 0; background: #181b1f; color: #6e9fff; text-align: left; font-weight: 500; }
  th, td { padding: 4px 8px; border-bottom: 1px solid #24282d; vertical-align: middle; }
  td img { display: block; width: 120px; max-height: 90px; object-fit: contain; border-radius: 3px; }
  td a, .text a { color: #6e9fff; }
  mark { padding: 1px 8px; border-radius: 3px; white-space: nowrap; font-weight: 600; }
  .timeline { display: flex; flex-direction: column; padding: 4px 12px 6px; }
  .strip { display: flex; flex: 1; align-items: stretch; gap: 8px; min-height: 8px; margin: 1px 0; }
  .strip b { flex: 0 0 110px; overflow: hidden; font-size: 12px; font-weight: 400; line-height: 1.3; text-align: right; text-overflow: ellipsis; }
  .strip > div { position: relative; flex: 1; background: #1f2329; }
  .strip i { position: absolute; top: 0; bottom: 0; }
  .ticks { display: flex; justify-content: space-between; padding-left: 118px; color: #9fa7b3; font-size: 11.5px; }
  .legend { display: flex; gap: 14px; padding: 3px 0 0 118px; font-size: 12px; }
  .legend i { display: inline-block; width: 12px; height: 8px; margin-right: 5px; }
  .map { width: 100%; height: 100%; background: #14171b; }
  .map text { fill: #ccccdc; font-size: 16px; paint-order: stroke; stroke: #111217; stroke-width: 4px; }
  .text { padding: 2px 14px; overflow: auto; }
  @media (max-width: 768px) {
    .grid { display: flex; flex-wrap: wrap; }
    article { width: 100%; min-height: calc(var(--rows) * 34px); }
    article.small { width: calc(50% - 4px); min-height: 96px; }
    td { white-space: nowrap; }
    .strip b { flex-basis: 74px; }
    .ticks, .legend { padding-left: 82px; flex-wrap: wrap; }
    section { padding: 8px; }
  }
`;
