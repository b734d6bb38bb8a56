/**
 * How fast dashboards and rules answer on a large fleet: each query several times as Grafana sends it, with its plan.
 *
 * SENSORS, DAYS and SCORED_DAYS set the size (the aim is 1000 sensors, 365 days), DATABASE_URL the server; without it
 * a PostgreSQL is started. PLANS=file keeps every plan. KEEP=1 leaves the filled database on that server, and takes one
 * that was left: filling a year takes a quarter of an hour and more. Prints a line of JSON a query, the slowest first,
 * and a sum.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { alertRules } from '../../dashboards/alerts/alerts.ts';
import { listQueries } from '../../dashboards/checks/list-queries.ts';
import { buildDashboards, DEFAULT_OPTIONS } from '../../dashboards/files/generate-files.ts';
import { expandMacros } from '../../dashboards/macros/expand-macros.ts';
import { interpolateVariables } from '../../dashboards/macros/interpolate-variables.ts';
import { quantile } from '../../src/core/statistics/quantile.ts';
import { migrationsFolder } from '../../src/platform/project-root.ts';
import { Database } from '../../src/platform/storage/database.ts';
import { startEmbeddedPostgres } from '../../src/platform/storage/embedded-postgres.ts';
import { migrate } from '../../src/platform/storage/migrate.ts';
import { fillFleet } from '../fixtures/fill-fleet.ts';
import { createDatabase, databaseExists, databaseUrl, dropDatabase } from '../support/database-admin.ts';

const PANEL_LIMIT_MS = 200;
const RULE_LIMIT_MS = 1_000;
const TIMES = 20;
const NAME = 'spanwatch_bench_dashboards';
const LINES = 20;
const EVERY_MINUTES = 10;
const POINTS = 800;
const DAY_MS = 86_400_000;
/** No board opens with more than 90 days; older rollups would take half an hour and not be read. */
const ROLLED_UP_DAYS = 100;
/** Parts that memory can group; they meet at midnight, the edge of a bucket of every step. */
const PART_DAYS = 15;

const number = (name: string, otherwise: number) => Number(process.env[name] ?? otherwise);
const size = {
  lines: LINES,
  towersPerLine: Math.ceil(number('SENSORS', 200) / LINES),
  days: number('DAYS', 14),
  everyMinutes: EVERY_MINUTES,
  scoredDays: number('SCORED_DAYS', 14),
};

const keep = process.env.KEEP === '1';
const folder = await mkdtemp(path.join(tmpdir(), 'spanwatch-bench-'));
const given = process.env.DATABASE_URL;
const cluster = given
  ? { url: given, stop: async () => {} }
  : await startEmbeddedPostgres(path.join(folder, 'postgres'));
try {
  if (!keep || !(await databaseExists(cluster.url, NAME))) await createDatabase(cluster.url, NAME);
  // As the role that Grafana reads with (migration 0020).
  await measure(`${databaseUrl(cluster.url, NAME)}?options=-c%20jit%3Doff`);
} finally {
  if (!keep) await dropDatabase(cluster.url, NAME);
  await cluster.stop();
  await rm(folder, { recursive: true, force: true });
}

async function measure(url: string): Promise<void> {
  const { flavour } = await migrate(url, migrationsFolder);
  const database = new Database(url);
  try {
    if (flavour !== 'PostgreSQL') await restPolicies(database);
    const newest = keep ? await filledUntil(database) : null;
    const end = newest ?? new Date(Math.floor(Date.now() / 600_000) * 600_000);
    if (newest === null)
      await fillFleet(database, size, end, (day) => {
        if (process.stderr.isTTY || day % 30 === 0)
          process.stderr.write(`\rfilled ${day} of ${size.days} days `);
      });
    process.stderr.write('\n');
    if (flavour === 'TimescaleDB Community') await keepUpRollups(url, end);
    await database.query('VACUUM (ANALYZE)');
    const lines = (await database.query<{ line_id: string }>('SELECT line_id FROM line ORDER BY 1')).rows;
    const queries = queriesAt(
      end,
      flavour !== 'PostgreSQL',
      lines.map((row) => row.line_id),
    );
    const plans: string[] = [];
    const results = [];
    for (const query of queries) {
      const { plan, ...result } = await measureOne(database, query);
      plans.push(`${query.where}\n${plan}\n`);
      results.push(result);
    }
    results.sort((a, b) => b.ratio - a.ratio);
    for (const result of results) say(result);
    const { rows } = await database.query<{ readings: number; size: string }>(
      `SELECT (SELECT count(*) FROM impedance_reading)::float8 AS readings, pg_size_pretty(pg_database_size(current_database())) AS size`,
    );
    say({
      flavour,
      sensors: size.lines * size.towersPerLine,
      days: size.days,
      scoredDays: size.scoredDays,
      ...rows[0],
      queries: results.length,
      above: results.filter(({ ratio }) => ratio > 1).length,
      worst: results[0]?.where,
    });
    if (process.env.PLANS) await writeFile(process.env.PLANS, plans.join('\n'));
  } finally {
    await database.close();
  }
}

/** They would work on a fleet that is being filled, and hold up the refresh after it. */
async function restPolicies(database: Database): Promise<void> {
  await database.query(
    'SELECT alter_job(job_id, scheduled => false) FROM timescaledb_information.jobs WHERE job_id >= 1000',
  );
}

/** The newest reading of a database that was filled to its end: the newest sensor is the last thing that is filled in. */
async function filledUntil(database: Database): Promise<Date | null> {
  const { rows } = await database.query<{ until: Date | null }>(
    `SELECT max(observed_at) AS until FROM impedance_reading WHERE EXISTS (SELECT FROM sensor WHERE sensor_id = 'L01-T002-N')`,
  );
  return rows[0]?.until ?? null;
}

/**
 * In life a policy does it every few minutes; here in parts. Each step as a whole before the next, which would else make
 * up for what is missing from all readings.
 */
async function keepUpRollups(url: string, end: Date): Promise<void> {
  const database = new Database(`${url}%20-c%20work_mem%3D512MB`);
  const midnight = Math.floor(end.getTime() / DAY_MS) * DAY_MS;
  try {
    for (const table of ['impedance_reading', 'weather_reading']) {
      for (const step of ['1m', '15m', '1h', '1d']) {
        for (let ago = Math.min(size.days, ROLLED_UP_DAYS) + 1; ago > 0; ago -= PART_DAYS) {
          const [from, to] = [ago, Math.max(0, ago - PART_DAYS)].map((days) =>
            new Date(midnight - days * DAY_MS).toISOString(),
          );
          await database.query(`CALL refresh_continuous_aggregate('${table}_${step}', '${from}', '${to}')`);
        }
        process.stderr.write(`rolled up ${table}_${step}\n`);
      }
    }
  } finally {
    await database.close();
  }
}

interface BenchQuery {
  readonly where: string;
  readonly text: string;
  readonly limitMs: number;
}

/** Each board over the range that it opens with, for all lines where it takes several. */
function queriesAt(end: Date, timescaledb: boolean, lines: readonly string[]): BenchQuery[] {
  const ofPanels = buildDashboards(DEFAULT_OPTIONS).flatMap((board) => {
    const several = (board.templating.list ?? []).some(({ name, multi }) => name === 'line' && multi);
    const values = {
      line: several ? lines : ['L07'],
      tower: ['T005'],
      sensor: ['L07-T005-Z'],
      spanwatch: ['http://x'],
    };
    const [, amount = '1', unit] = /now-(\d+)([hd])/.exec(board.time?.from ?? '') ?? [];
    const rangeMs = Number(amount) * (unit === 'h' ? 3_600_000 : 86_400_000);
    const context = {
      from: new Date(end.getTime() - rangeMs),
      to: end,
      timescaledb,
      intervalMs: Math.ceil(rangeMs / POINTS / 60_000) * 60_000,
    };
    return listQueries(board).map(({ where, rawSql }) => ({
      where,
      limitMs: PANEL_LIMIT_MS,
      text: expandMacros(interpolateVariables(rawSql, values), context),
    }));
  });
  const ofRules = alertRules(DEFAULT_OPTIONS).map(({ title, sql }) => ({
    where: `rule ${title}`,
    limitMs: RULE_LIMIT_MS,
    text: sql,
  }));
  return [...ofPanels, ...ofRules];
}

async function measureOne(database: Database, { where, text, limitMs }: BenchQuery) {
  const took: number[] = [];
  for (let time = 0; time <= TIMES; time++) {
    const start = performance.now();
    await database.query(text);
    // The first one warms the cache, as the board's last refresh did.
    if (time > 0) took.push(performance.now() - start);
  }
  const { rows } = await database.query<{ 'QUERY PLAN': string }>(`EXPLAIN (ANALYZE, BUFFERS) ${text}`);
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
  const p95Ms = quantile(Float64Array.from(took), 0.95);
  return {
    where,
    p50Ms: round(quantile(Float64Array.from(took), 0.5)),
    p95Ms: round(p95Ms),
    ratio: round(p95Ms / limitMs),
    wholeTables: [
      ...plan.matchAll(/Seq Scan on (?:_hyper_\d+_\d+_chunk|(?:impedance|weather)_reading|anomaly_score)\b/g),
    ].length,
    plan,
  };
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}

function say(line: unknown): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
