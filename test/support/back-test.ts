/** Plays an incident against a real database minute by minute, and asks a rule each minute what it thinks. */
import type { AlertRule } from '../../dashboards/alerts/alert-rule.ts';
import { AlertEvaluation, type AlertState } from '../../dashboards/checks/alert-evaluation.ts';
import type { Database } from '../../src/platform/storage/database.ts';

export const START = new Date('2026-03-02T00:00:00Z');
export const minute = (count: number) => new Date(START.getTime() + count * 60_000);

/** What happens at each minute; a row is made with the time that it has then. */
export type Incident = (at: number, now: Date) => Promise<void> | void;

export interface Change {
  readonly minute: number;
  readonly state: AlertState;
}

export interface BackTest {
  /** For each label set that ever left normal, when its state changed. */
  readonly changes: ReadonlyMap<string, readonly Change[]>;
  /** Label sets that were there and stayed normal all the time. */
  readonly quiet: readonly string[];
}

export async function backTest(
  database: Database,
  rule: AlertRule,
  minutes: number,
  incident: Incident,
): Promise<BackTest> {
  const evaluation = new AlertEvaluation(rule);
  const changes = new Map<string, Change[]>();
  const everSeen = new Set<string>();
  for (let at = 0; at <= minutes; at++) {
    const now = minute(at);
    await incident(at, now);
    evaluation.step(await answer(database, rule, now), at * 60);
    if (evaluation.health !== 'ok')
      throw new Error(`${rule.title} had ${evaluation.health} at minute ${at}.`);
    for (const labels of evaluation.labels()) everSeen.add(labels);
    for (const labels of everSeen) {
      const state = evaluation.stateOf(labels);
      const before = changes.get(labels)?.at(-1)?.state ?? 'normal';
      if (state !== before) changes.set(labels, [...(changes.get(labels) ?? []), { minute: at, state }]);
    }
  }
  return { changes, quiet: [...everSeen].filter((labels) => !changes.has(labels)) };
}

/** The rule's SQL with the incident's clock in place of the server's. */
async function answer(database: Database, { sql }: AlertRule, now: Date) {
  const text = sql.replaceAll('now()', `'${now.toISOString()}'::timestamptz`);
  const { rows } = await database.query<Record<string, string | number>>(text);
  return rows.map((row) => {
    const labels = Object.entries(row).filter(([, value]) => typeof value === 'string');
    const [value] = Object.values(row).filter((each) => typeof each === 'number');
    return { labels: labels.map(([name, text]) => `${name}=${text}`).join(' '), value: value ?? NaN };
  });
}
