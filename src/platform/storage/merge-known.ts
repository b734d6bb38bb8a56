/** Readings of instants that are known: what they add is filled in, what they contradict is kept beside it. */
import type { Transaction } from './database.ts';
import { columnsOf, type ReadingTable } from './reading-table.ts';

/**
 * As if the readings came one by one: each is taken whole or not at all, in the order in which they were sent.
 *
 * @param sent table of the readings, each of which has a row of its instant in the table by now
 */
export async function mergeKnown(
  client: Transaction,
  table: ReadingTable,
  sent: string,
): Promise<{ readonly completed: number; readonly conflicts: number }> {
  const { rows } = await client.query<{ adding: boolean | null; differing: boolean | null }>(
    `SELECT bool_or(${adds(table)}) AS adding, bool_or(${differs(table)}) AS differing FROM ${beside(table, sent)}`,
  );
  const { adding = false, differing = false } = rows[0] ?? {};
  let completed = 0;
  // Of one instant the first reading that fits is taken in each round, and each fills a channel: they are few.
  for (let filled = adding ? 1 : 0; filled > 0; completed += filled) {
    filled = await complete(client, table, sent);
  }
  const conflicts = adding || differing ? await keepConflicts(client, table, sent) : 0;
  return { completed, conflicts };
}

/** By way of a conflict, since for an UPDATE by join TimescaleDB would unpack whole chunks of the columnstore. */
async function complete(client: Transaction, table: ReadingTable, sent: string): Promise<number> {
  const columns = columnsOf(table);
  const fill = table.channels.map(({ column }) => `${column} = coalesce(t.${column}, excluded.${column})`);
  const { rowCount } = await client.query(
    `INSERT INTO ${table.table} AS t (${columns})
     SELECT ${columns} FROM (
       SELECT DISTINCT ON (s.sensor_id, s.observed_at) s.* FROM ${beside(table, sent)}
        WHERE ${adds(table)} AND (${differs(table)}) IS NOT TRUE
        ORDER BY s.sensor_id, s.observed_at, s.ctid) AS first
     ON CONFLICT (sensor_id, observed_at) DO UPDATE SET ${fill.join(', ')}
      -- Another process may have filled it meanwhile.
      WHERE (${differs(table, 'excluded')}) IS NOT TRUE`,
  );
  return rowCount ?? 0;
}

async function keepConflicts(client: Transaction, table: ReadingTable, sent: string): Promise<number> {
  const json = (of: string): string =>
    `jsonb_build_object(${table.channels.map(({ name, column }) => `'${name}', ${of}.${column}`).join(', ')})`;
  const { rows } = await client.query<{ count: number }>(
    `WITH differing AS (
       SELECT s.sensor_id, s.observed_at, ${json('t')} AS kept_values, ${json('s')} AS refused_values
         FROM ${beside(table, sent)}
        WHERE ${differs(table)}
     ), kept AS (
       INSERT INTO reading_conflict (kind, sensor_id, observed_at, kept_values, refused_values)
       SELECT $1, sensor_id, observed_at, kept_values, refused_values FROM differing
       ON CONFLICT DO NOTHING
     )
     SELECT count(*)::int AS count FROM differing`,
    [table.kind],
  );
  return rows[0]?.count ?? 0;
}

/** What was sent, `s`, beside what is there, `t`. */
function beside({ table }: ReadingTable, sent: string): string {
  // With its limit this stays one look into the index a row, whatever the planner thinks of the table's size.
  return `${sent} s CROSS JOIN LATERAL (
    SELECT * FROM ${table} WHERE sensor_id = s.sensor_id AND observed_at = s.observed_at LIMIT 1) t`;
}

/** Whether a reading knows a channel that is not known yet. */
function adds({ channels }: ReadingTable): string {
  return `(${channels.map(({ column }) => `(t.${column} IS NULL AND s.${column} IS NOT NULL)`).join(' OR ')})`;
}

/** Whether it has another value where one is known; NULL, which is not true, where either is not known. */
function differs({ channels }: ReadingTable, of = 's'): string {
  return channels.map(({ column }) => `${of}.${column} <> t.${column}`).join(' OR ');
}
