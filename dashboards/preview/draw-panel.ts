/** One panel as HTML, with the options of its chart where it has one. */
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { modelOf } from '../checks/list-queries.ts';
import { expandMacros } from '../macros/expand-macros.ts';
import { interpolateVariables } from '../macros/interpolate-variables.ts';
import type { PreviewSource } from './ask.ts';
import { barOptions } from './chart-bars.ts';
import { seriesOptions, type Mark } from './chart-series.ts';
import type { View } from './choose-view.ts';
import { drawMap } from './draw-map.ts';
import { drawStat } from './draw-stat.ts';
import { drawTable } from './draw-table.ts';
import { drawTimeline } from './draw-timeline.ts';
import { markup, type Html } from '../../src/core/markup/markup.ts';

export interface DrawnPanel {
  readonly body: Html;
  readonly chart: Record<string, unknown> | null;
  /** Rows of all its queries together. */
  readonly rows: number;
}

/** Points across a panel, as Grafana would ask for on a common screen. */
const POINTS = 600;

export async function drawPanel(
  panel: Panel,
  source: PreviewSource,
  view: View,
  marks: readonly Mark[],
): Promise<DrawnPanel> {
  if (panel.type === 'text') {
    const { content = '' } = (panel.options ?? {}) as { content?: string };
    return { body: markdown(interpolateVariables(content, view.values)), chart: null, rows: 0 };
  }
  const results = [];
  for (const target of panel.targets ?? []) results.push(await askView(modelOf(target).rawSql, source, view));
  const [first = { columns: [], rows: [] }, second = first] = results;
  const rows = results.reduce((sum, result) => sum + result.rows.length, 0);
  const still = (body: Html): DrawnPanel => ({ body, chart: null, rows });
  if (rows === 0) return still(markup`<p class="empty">${panel.fieldConfig?.defaults.noValue ?? ''}</p>`);
  switch (panel.type) {
    case 'stat':
      return still(drawStat(panel, first));
    case 'table':
      return still(await drawTable(panel, first, source));
    case 'state-timeline':
      return still(drawTimeline(panel, first, view));
    case 'geomap':
      return still(drawMap(panel, first, second));
    case 'barchart':
      return { body: markup``, chart: barOptions(panel, first), rows };
    default:
      return { body: markup``, chart: seriesOptions(panel, results, view, marks), rows };
  }
}

export function askView(rawSql: string, source: PreviewSource, { from, to, values }: View) {
  const intervalMs = Math.max(1_000, Math.ceil((to.getTime() - from.getTime()) / POINTS / 60_000) * 60_000);
  const context = { from, to, timescaledb: source.timescaledb, intervalMs };
  return source.ask(expandMacros(interpolateVariables(rawSql, values), context));
}

/** As much as the boards' texts use: paragraphs, lists, bold, links. */
function markdown(text: string): Html {
  const inline = (line: string): Html[] =>
    line.split(/(\*\*[^*]+\*\*|\[[^\]]+\]\([^)]+\))/).map((part) => {
      const [, bold] = /^\*\*(.+)\*\*$/.exec(part) ?? [];
      const [, words, url] = /^\[(.+)\]\((.+)\)$/.exec(part) ?? [];
      if (bold) return markup`<b>${bold}</b>`;
      return words && url ? markup`<a href="${url}">${words}</a>` : markup`${part}`;
    });
  const blocks = text.split(/\n\n+/).map((block) => {
    const lines = block.split('\n');
    return lines.every((line) => line.startsWith('- '))
      ? markup`<ul>
          ${lines.map((line) => markup`<li>${inline(line.slice(2))}</li>`)}
        </ul>`
      : markup`<p>${inline(lines.join(' '))}</p>`;
  });
  return markup`<div class="text">${blocks}</div>`;
}
