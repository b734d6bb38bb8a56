/** What a viewer would have chosen: the range, which ends where the data end, and lines, tower and sensor. */
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { UID } from '../house/links.ts';
import type { ChosenValues } from '../macros/interpolate-variables.ts';
import type { PreviewSource } from './ask.ts';

export interface View {
  readonly from: Date;
  readonly to: Date;
  readonly values: ChosenValues;
}

/** The newest reading; on the board of arrivals, the newest arrival. Both through the sensors, not through the table. */
const NEWEST = `
  SELECT max(last_observed_at) AS observed, max(last_received_at) AS received FROM heard_sensors('infinity')`;

/** The tower with the worst event, or any. */
const TOWER = `
  SELECT s.line_id, s.tower_id, s.sensor_id FROM sensor s
    LEFT JOIN anomaly_event_severity e ON e.sensor_id = s.sensor_id AND e.closed_at IS NULL
   WHERE s.kind = 'impedance' ORDER BY e.severity_level DESC NULLS LAST, e.peak_score DESC NULLS LAST, s.sensor_id LIMIT 1`;

export async function chooseView(board: Dashboard, source: PreviewSource, apiUrl: string): Promise<View> {
  const [newest] = (await source.ask(NEWEST)).rows;
  const [tower = {}] = (await source.ask(TOWER)).rows;
  const lines = (await source.ask('SELECT line_id FROM line ORDER BY 1')).rows.map((row) =>
    String(row.line_id),
  );
  const end = board.uid === UID.ingestHealth ? newest?.received : newest?.observed;
  const to = end instanceof Date ? end : new Date();
  const one = (board.templating.list ?? []).some(({ name, multi }) => name === 'line' && !multi);
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  return {
    from: new Date(to.getTime() - rangeMs(board.time?.from)),
    to,
    values: {
      spanwatch: [apiUrl],
      // Grafana puts an empty text where there is nothing to choose.
      line: one || lines.length === 0 ? [text(tower.line_id)] : lines,
      tower: [text(tower.tower_id)],
      sensor: [text(tower.sensor_id)],
    },
  };
}

const UNIT_MS: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000 };

/** Of a start such as now-7d. */
function rangeMs(from = ''): number {
  const [, amount = '1', unit = 'd'] = /^now-(\d+)([hd])$/.exec(from) ?? [];
  return Number(amount) * (UNIT_MS[unit] ?? 0);
}
