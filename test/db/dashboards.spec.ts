/** Every query of every dashboard and rule runs on the migrated schema, as the role that can only read. */
import { beforeAll, describe, expect, it } from 'vitest';
import { alertRules } from '../../dashboards/alerts/alerts.ts';
import { checkResult } from '../../dashboards/checks/check-result.ts';
import { listQueries, type ListedQuery } from '../../dashboards/checks/list-queries.ts';
import { buildDashboards, DEFAULT_OPTIONS } from '../../dashboards/files/generate-files.ts';
import { fillFleet, SMALL_FLEET } from '../fixtures/fill-fleet.ts';
import { askAsGrafana } from '../support/ask-as-grafana.ts';
import { withTestDatabase } from '../support/test-database.ts';

const END = new Date(Math.floor(Date.now() / 60_000) * 60_000);
const CHOSEN = {
  line: ['L01', 'L02'],
  tower: ['T001'],
  sensor: ['L01-T001-Z'],
  spanwatch: ['http://127.0.0.1:3000'],
};
const NOTHING_CHOSEN = { ...CHOSEN, line: [''], tower: [''], sensor: [''] };

const queries: ListedQuery[] = [
  ...buildDashboards(DEFAULT_OPTIONS).flatMap(listQueries),
  ...alertRules(DEFAULT_OPTIONS).map(({ title, sql }): ListedQuery => ({
    where: `rule ${title}`,
    kind: 'alert',
    rawSql: sql,
  })),
];

/** What the small fleet has none of: its empty states are seen here. */
const EMPTY_HERE = [/Jobs that wait or run/];

describe('on a fleet with eight days of readings', () => {
  const { database } = withTestDatabase();
  let timescaledb = false;

  beforeAll(async () => {
    const { rows } = await database().query(`SELECT FROM pg_extension WHERE extname = 'timescaledb'`);
    timescaledb = rows.length > 0;
    await fillFleet(database(), SMALL_FLEET, END);
  });

  const ask = (rawSql: string, chosen = CHOSEN) =>
    askAsGrafana(database(), rawSql, chosen, {
      from: new Date(END.getTime() - 40 * 86_400_000),
      to: new Date(END.getTime() + 60_000),
      timescaledb,
      intervalMs: 3_600_000,
    });

  it.each(queries.map((query) => [query.where, query] as const))('answers %s', async (where, query) => {
    const result = await ask(query.rawSql);
    expect(checkResult(query.kind, result)).toEqual([]);
    if (!EMPTY_HERE.some((pattern) => pattern.test(where))) expect(result.rows.length).toBeGreaterThan(0);
  });

  it.each(queries.map((query) => [query.where, query] as const))(
    'answers where nothing is chosen: %s',
    async (_, query) => {
      const result = await ask(query.rawSql, NOTHING_CHOSEN);
      expect(checkResult(query.kind, result)).toEqual([]);
    },
  );
});

describe('on an empty database', () => {
  const { database } = withTestDatabase();

  it('answers every query in its shape', async () => {
    const { rows } = await database().query(`SELECT FROM pg_extension WHERE extname = 'timescaledb'`);
    for (const { where, kind, rawSql } of queries) {
      const result = await askAsGrafana(database(), rawSql, CHOSEN, {
        from: new Date(END.getTime() - 86_400_000),
        to: END,
        timescaledb: rows.length > 0,
        intervalMs: 60_000,
      });
      const problems = checkResult(kind, result).filter((problem) => !problem.startsWith('no row'));
      expect(problems, where).toEqual([]);
    }
  });
});
