/**
 * Against a running Grafana that has the generated files: `npm run test:grafana` with GRAFANA_URL and GRAFANA_TOKEN
 * (a service account's, role Admin); with SPANWATCH_DATABASE_URL too, an incident is planted and taken back.
 * Without them everything here is skipped.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { alertRules } from '../../dashboards/alerts/alerts.ts';
import { listQueries } from '../../dashboards/checks/list-queries.ts';
import { buildDashboards, DEFAULT_OPTIONS } from '../../dashboards/files/generate-files.ts';
import { DATA_SOURCE_UID } from '../../dashboards/house/data-source.ts';
import { interpolateVariables } from '../../dashboards/macros/interpolate-variables.ts';
import { Database } from '../../src/platform/storage/database.ts';

const { GRAFANA_URL = '', GRAFANA_TOKEN = '', SPANWATCH_DATABASE_URL } = process.env;
const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;

async function call<Answer>(path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(new URL(path, GRAFANA_URL), {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${GRAFANA_TOKEN}`, 'content-type': 'application/json' },
    body: body ? JSON.stringify(body) : undefined,
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text.slice(0, 500)}`);
  return JSON.parse(text) as Answer;
}

interface Rule {
  readonly name: string;
  readonly health: string;
  readonly state: string;
  readonly lastError?: string;
}

async function rules(): Promise<Rule[]> {
  const { data } = await call<{ data: { groups: { rules: Rule[] }[] } }>(
    '/api/prometheus/grafana/api/v1/rules',
  );
  return data.groups.flatMap((group) => group.rules);
}

async function until(holds: () => Promise<boolean>, limitMs: number): Promise<boolean> {
  for (const end = Date.now() + limitMs; Date.now() < end; await sleep(5_000)) if (await holds()) return true;
  return false;
}

const boards = buildDashboards(DEFAULT_OPTIONS);

describe.skipIf(!GRAFANA_URL || !GRAFANA_TOKEN)('a running Grafana (GRAFANA_URL, GRAFANA_TOKEN)', () => {
  it('reaches the database', async () => {
    const { status } = await call<{ status: string }>(`/api/datasources/uid/${DATA_SOURCE_UID}/health`);
    expect(status).toBe('OK');
  });

  it.each(boards.map((board) => [board.title, board] as const))('has loaded %s', async (_, board) => {
    const { dashboard } = await call<{ dashboard: { title: string; panels: unknown[] } }>(
      `/api/dashboards/uid/${board.uid}`,
    );
    expect([dashboard.title, dashboard.panels.length]).toEqual([board.title, board.panels?.length]);
  });

  it.each(boards.flatMap(listQueries).map((query) => [query.where, query] as const))(
    'answers %s with frames',
    async (_, { rawSql, kind }) => {
      const values = {
        line: ['L01'],
        tower: ['T01'],
        sensor: ['L01-T01-Z'],
        spanwatch: ['http://127.0.0.1:3000'],
      };
      const query = {
        refId: 'A',
        datasource: { uid: DATA_SOURCE_UID },
        rawSql: interpolateVariables(rawSql, values),
        format: kind === 'series' ? 'time_series' : 'table',
        intervalMs: 600_000,
        maxDataPoints: 500,
      };
      const [from, to] = [String(Date.now() - 7 * DAY), String(Date.now())];
      const { results } = await call<{
        results: { A: { status: number; error?: string; frames: unknown[] } };
      }>('/api/ds/query', { from, to, queries: [query] });
      expect(results.A.error).toBeUndefined();
      expect(results.A.frames.length).toBeGreaterThan(0);
    },
  );

  it('evaluates every rule without an error', { timeout: 5 * MINUTE }, async () => {
    const names = alertRules(DEFAULT_OPTIONS).map(({ title }) => title);
    const healthOfOurs = async () => (await rules()).filter(({ name }) => names.includes(name));
    await until(async () => (await healthOfOurs()).every(({ health }) => health === 'ok'), 4 * MINUTE);
    expect((await healthOfOurs()).filter(({ health }) => health !== 'ok')).toEqual([]);
    expect((await healthOfOurs()).map(({ name }) => name).sort()).toEqual([...names].sort());
  });

  it.skipIf(!SPANWATCH_DATABASE_URL)(
    'fires for a planted incident and ends with it (SPANWATCH_DATABASE_URL)',
    { timeout: 10 * MINUTE },
    async () => {
      const database = new Database(SPANWATCH_DATABASE_URL ?? '');
      const isFiring = async () =>
        (await rules()).some(({ name, state }) => name === 'Jobs failed for good' && state === 'firing');
      try {
        await database.query(
          `INSERT INTO buried_job (queue, data, cause, attempts) VALUES ('planted', '{}', 'planted by a test', 1)`,
        );
        expect(await until(isFiring, 4 * MINUTE)).toBe(true);
        await database.query(`DELETE FROM buried_job WHERE queue = 'planted'`);
        expect(await until(async () => !(await isFiring()), 4 * MINUTE)).toBe(true);
      } finally {
        await database.query(`DELETE FROM buried_job WHERE queue = 'planted'`);
        await database.close();
      }
    },
  );
});
