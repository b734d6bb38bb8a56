/** States over time as strips of coloured blocks. */
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import type { QueryResult } from '../checks/check-result.ts';
import { toMs } from './chart-series.ts';
import { fieldLook } from './field-look.ts';
import { markup, type Html } from '../../src/core/markup/markup.ts';
import { showTime } from './show-value.ts';

const TICKS = 5;

export function drawTimeline(panel: Panel, { rows }: QueryResult, range: { from: Date; to: Date }): Html {
  const [from, to] = [range.from.getTime(), range.to.getTime()];
  const percent = (ms: number) => (100 * (Math.min(Math.max(ms, from), to) - from)) / (to - from);
  const strips = new Map<string, { at: number; level: number | null }[]>();
  for (const row of rows) {
    const strip = strips.get(String(row.metric)) ?? [];
    strips.set(String(row.metric), strip);
    strip.push({ at: toMs(row.time), level: row.level === null ? null : Number(row.level) });
  }
  const look = fieldLook(panel, '');
  const met = new Map<string, string>();
  const drawn = [...strips].map(([name, changes]) => {
    const blocks = changes.flatMap(({ at, level }, index) => {
      const end = changes[index + 1]?.at ?? to;
      const mapped = level === null ? null : look.mapped(level);
      if (!mapped || end <= from) return [];
      met.set(mapped.text ?? '', mapped.colour ?? '');
      const width = Math.max(0.3, percent(end) - percent(at));
      return [
        markup`<i
          style="left:${percent(at).toFixed(2)}%;width:${width.toFixed(2)}%;background:${mapped.colour ?? ''}"
          title="${name}: ${mapped.text ?? ''} from ${showTime(new Date(at))} to ${showTime(new Date(end))}"
        ></i>`,
      ];
    });
    return markup`<div class="strip">
      <b>${name}</b>
      <div>${blocks}</div>
    </div>`;
  });
  const ticks = Array.from(
    { length: TICKS },
    (_, index) => new Date(from + ((to - from) * index) / (TICKS - 1)),
  );
  const legend = [...met].map(
    ([word, colour]) => markup`<span><i style="background:${colour}"></i>${word}</span>`,
  );
  return markup`<div class="timeline">
    ${drawn}
    <div class="ticks">${ticks.map((tick) => markup`<span>${showTime(tick).slice(5, 10)}</span>`)}</div>
    <div class="legend">${legend}</div>
  </div>`;
}
