/** Sizes the chunks of reading hypertables by what arrives and by the server's memory; new chunks follow. */
import type pg from 'pg';
import { chunkIntervalHours } from '../../core/domain/chunk-interval.ts';

export interface ChunkSize {
  readonly table: string;
  readonly hours: number;
  readonly rowsPerDay: number;
  readonly memoryBytes: number;
}

/** `pg_total_relation_size` of half a million full rows of `impedance_reading` with its unique key, PostgreSQL 15. */
const BYTES_PER_ROW = 165;
/** What a registered sensor is taken to send until more is known: a reading every ten minutes. */
const USUAL_PER_DAY = 144;

/** Nothing on plain tables, and nothing where neither readings nor sensors say what will arrive. */
export async function sizeChunks(client: pg.Client): Promise<ChunkSize[]> {
  const { rows: tables } = await client.query<{ table: string; kind: string; memory: string }>(
    `SELECT h.hypertable_name AS table, replace(h.hypertable_name, '_reading', '') AS kind,
            pg_size_bytes(current_setting('effective_cache_size')) AS memory
       FROM timescaledb_information.hypertables h
      WHERE h.hypertable_schema = current_schema() AND h.hypertable_name LIKE '%\\_reading' ORDER BY 1`,
  );
  const sized: ChunkSize[] = [];
  for (const { table, kind, memory } of tables) {
    const { rows } = await client.query<{ arrived: string; sensors: string }>(
      `SELECT (SELECT COALESCE(sum(reading_count), 0) FROM ${table}_1h
                WHERE bucket_at BETWEEN now() - INTERVAL '1 day' AND now()) AS arrived,
              (SELECT count(*) FROM sensor WHERE kind = $1) AS sensors`,
      [kind],
    );
    const rowsPerDay = Math.max(Number(rows[0]?.arrived), USUAL_PER_DAY * Number(rows[0]?.sensors));
    if (!(rowsPerDay > 0)) continue;
    const memoryBytes = Number(memory);
    const hours = chunkIntervalHours({ rowsPerDay, bytesPerRow: BYTES_PER_ROW, memoryBytes });
    await client.query('SELECT set_chunk_time_interval($1::regclass, make_interval(hours => $2::int))', [
      table,
      hours,
    ]);
    sized.push({ table, hours, rowsPerDay, memoryBytes });
  }
  return sized;
}
