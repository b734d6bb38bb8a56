/** Which PostgreSQL answers at an address, and which TimescaleDB the database uses. */
import pg from 'pg';
import { Unavailable } from '../../core/domain/failure.ts';

export interface ServerDescription {
  readonly server: string;
  readonly timescale: string | null;
}

/** @throws Unavailable when nothing answers there */
export async function describeServer(url: string): Promise<ServerDescription> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  try {
    await client.connect();
    const { rows } = await client.query<ServerDescription>(
      `SELECT current_setting('server_version') AS server,
              (SELECT extversion FROM pg_extension WHERE extname = 'timescaledb') AS timescale`,
    );
    return rows[0] ?? { server: 'unknown', timescale: null };
  } catch (cause) {
    throw new Unavailable(
      'database-unreachable',
      `The database can't be reached: ${(cause as Error).message}`,
      {},
      { cause },
    );
  } finally {
    await client.end().catch(() => {});
  }
}
