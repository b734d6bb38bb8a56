/** All dashboards on one page that needs no Grafana and no network: same queries, units and thresholds. */
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { modelOf, panelsOf } from '../checks/list-queries.ts';
import type { PreviewSource } from './ask.ts';
import { toMs, type Mark } from './chart-series.ts';
import { chooseView, type View } from './choose-view.ts';
import { askView, drawPanel } from './draw-panel.ts';
import type { Html } from '../../src/core/markup/markup.ts';
import { markup } from '../../src/core/markup/markup.ts';
import { mountCharts } from './mount-charts.ts';
import { PAGE_STYLE } from './page-style.ts';
import { showTime } from './show-value.ts';

export interface Page {
  readonly text: string;
  readonly panels: number;
  /** Panels whose queries answered without a row, as "board: panel". */
  readonly empty: readonly string[];
}

export async function drawPage(
  boards: readonly Dashboard[],
  source: PreviewSource,
  apiUrl: string,
): Promise<Page> {
  const charts: Record<string, unknown> = {};
  const empty: string[] = [];
  const sections: Html[] = [];
  for (const board of boards) {
    const view = await chooseView(board, source, apiUrl);
    const marks = await happeningsOf(board, source, view);
    const articles: Html[] = [];
    for (const panel of panelsOf(board)) {
      const { body, chart, rows } = await drawPanel(panel, source, view, marks);
      if (rows === 0 && panel.type !== 'text') empty.push(`${board.title}: ${panel.title}`);
      const { x = 0, y = 0, w = 24, h = 8 } = panel.gridPos ?? {};
      const id = `${board.uid}-${panel.id}`;
      if (chart) charts[id] = chart;
      const place = `grid-column:${x + 1}/span ${w};grid-row:${y + 1}/span ${h};--rows:${h}`;
      const inner = chart ? markup`<div class="chart" id="${id}"></div>` : body;
      articles.push(
        markup`<article class="${w <= 6 ? 'small' : ''}" style="${place}" title="${panel.description ?? ''}">
          <h2>${panel.title ?? ''}</h2>
          ${inner}
        </article>`,
      );
    }
    sections.push(drawSection(board, view, articles));
  }
  const panels = boards.reduce((sum, board) => sum + panelsOf(board).length, 0);
  return { text: await wholePage(boards, sections, charts), panels, empty };
}

function drawSection(board: Dashboard, { from, to, values }: View, articles: readonly Html[]): Html {
  const names = (board.templating.list ?? []).map(({ name }) => name);
  const chosen = ['line', 'tower', 'sensor'].filter((name) => names.includes(name));
  const choice = chosen.map((name) => `${name} ${(values[name] ?? []).join(', ')}`).join(' · ');
  return markup`<section id="${board.uid ?? ''}">
    <header>
      <h1>${board.title ?? ''}</h1>
      <p>${board.description ?? ''}<br />${choice} · ${showTime(from)} to ${showTime(to)} UTC</p>
    </header>
    <div class="grid">${articles}</div>
  </section>`;
}

async function happeningsOf(board: Dashboard, source: PreviewSource, view: View): Promise<Mark[]> {
  const marks: Mark[] = [];
  for (const { target, iconColor } of board.annotations.list ?? []) {
    if (!target) continue;
    const { rows } = await askView(modelOf(target).rawSql, source, view);
    marks.push(...rows.map((row) => ({ at: toMs(row.time), text: String(row.text), colour: iconColor })));
  }
  return marks;
}

async function wholePage(
  boards: readonly Dashboard[],
  sections: readonly Html[],
  charts: object,
): Promise<string> {
  const library = await readFile(
    createRequire(import.meta.url).resolve('echarts/dist/echarts.min.js'),
    'utf8',
  );
  const links = boards.map(
    ({ uid = '', title = '' }) => markup`<a href="#${uid}">${title.replace('Spanwatch / ', '')}</a>`,
  );
  // Inside a script, "</" would end it.
  const script = `(${mountCharts.toString()})(window, ${JSON.stringify(charts).replaceAll('</', '<\\/')})`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Spanwatch dashboards</title><style>${PAGE_STYLE}</style></head>
<body>${
    markup`<nav>${links}</nav>
      ${sections}`.text
  }
<script>${library.replaceAll('</script', '<\\/script')}</script><script>${script}</script></body></html>
`;
}
