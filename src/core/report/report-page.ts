/** The frame of a report: one file that needs nothing else, for a screen and for A4 paper. */
import { markup, Html } from '../markup/markup.ts';

const STYLE = `
  @page { size: A4; margin: 14mm 13mm 16mm; }
  * { box-sizing: border-box; }
  body { margin: 0 auto; padding: 24px; max-width: 960px; background: #fff; color: #16181d; font: 14px/1.45 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
  header { display: flex; justify-content: space-between; align-items: flex-end; gap: 24px; padding-bottom: 10px; border-bottom: 2px solid #16181d; }
  h1 { margin: 0; font-size: 24px; line-height: 1.2; overflow-wrap: anywhere; }
  h2 { margin: 26px 0 8px; font-size: 17px; break-after: avoid; }
  h3 { margin: 0 0 6px; font-size: 15px; overflow-wrap: anywhere; }
  p { margin: 4px 0; overflow-wrap: anywhere; }
  .aside { color: #5b6270; font-size: 12.5px; }
  header .aside { text-align: right; flex: none; }
  .figures { display: flex; flex-wrap: wrap; gap: 10px; margin: 14px 0 0; }
  .figures div { flex: 1 1 96px; padding: 8px 10px; border: 1px solid #d7dae0; border-radius: 6px; }
  .figures b { display: block; font-size: 17px; line-height: 1.4; white-space: nowrap; }
  table { width: 100%; border-collapse: collapse; font-size: 12.5px; }
  thead { display: table-header-group; }
  tr { break-inside: avoid; }
  th { text-align: left; font-weight: 600; border-bottom: 1.5px solid #16181d; }
  th, td { padding: 4px 8px 4px 0; vertical-align: top; }
  td { border-bottom: 1px solid #e3e5ea; }
  td.number, th.number { text-align: right; padding-right: 14px; }
  td.number, td.time { white-space: nowrap; }
  td.free { overflow-wrap: anywhere; min-width: 72px; }
  .badge { display: inline-block; padding: 0 7px; border: 1px solid currentColor; border-radius: 10px; font-size: 12px; font-weight: 600; white-space: nowrap; }
  .s1, .s2 { color: #3d6b1f; } .s3 { color: #8a5a00; } .s4 { color: #b03a00; } .s5 { color: #a3001b; }
  article { margin: 12px 0; padding: 12px; border: 1px solid #d7dae0; border-radius: 6px; }
  article h3, article > p { break-after: avoid; }
  .pictures { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 10px; margin-top: 8px; break-inside: avoid; }
  figure { margin: 0; break-inside: avoid; }
  figure svg { display: block; width: 100%; max-height: 62mm; background: #eceef2; border-radius: 4px; }
  figcaption { margin-top: 3px; color: #5b6270; font-size: 12px; overflow-wrap: anywhere; }
  ul { margin: 4px 0; padding-left: 18px; columns: 3; font-size: 12.5px; }
  footer { margin-top: 28px; padding-top: 8px; border-top: 1px solid #d7dae0; color: #5b6270; font-size: 12px; }
  @media (max-width: 640px) { header { display: block; } header .aside { text-align: left; } .pictures { grid-template-columns: 1fr; } ul { columns: 1; } section { overflow-x: auto; } }
  @media print { body { padding: 0; max-width: none; font-size: 10.5pt; } .badge { -webkit-print-color-adjust: exact; print-color-adjust: exact; } }
`;

/** Nothing is loaded and nothing runs, whatever a name holds that was written into the page. */
export const REPORT_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

export interface ReportFrame {
  readonly title: string;
  /** Lines beside the title. */
  readonly aside: readonly string[];
  readonly body: readonly Html[];
  readonly footer: string;
}

export function reportPage({ title, aside, body, footer }: ReportFrame): string {
  const lines = aside.map((line) => markup`<div>${line}</div>`);
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${REPORT_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
<header><h1>${title}</h1><div class="aside">${lines}</div></header>
${body}
<footer>${footer}</footer>
</body>
</html>
`.text;
}

export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => string | Html;
  /** free: a text of any length, such as a name that somebody gave. */
  readonly look?: 'number' | 'time' | 'free';
}

/** A section with a table, or with a sentence where there is nothing to list. */
export function tableSection<Row>(
  title: string,
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  empty: string,
): Html {
  if (rows.length === 0) return markup`<section><h2>${title}</h2><p class="aside">${empty}</p></section>`;
  const heads = columns.map((column) => markup`<th class="${column.look ?? ''}">${column.title}</th>`);
  const lines = rows.map((row) => {
    const cells = columns.map((column) => markup`<td class="${column.look ?? ''}">${column.cell(row)}</td>`);
    return markup`<tr>${cells}</tr>\n`;
  });
  return markup`<section><h2>${title}</h2><table><thead><tr>${heads}</tr></thead><tbody>${lines}</tbody></table></section>`;
}

export function figureRow(figures: readonly (readonly [name: string, value: string | number])[]): Html {
  return markup`<div class="figures">${figures.map(([name, value]) => markup`<div><b>${value}</b>${name}</div>`)}</div>`;
}
