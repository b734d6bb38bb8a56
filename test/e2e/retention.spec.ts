/** A worker deletes what need not be kept, from its start on. */
import { expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { withTestDatabase } from '../support/test-database.ts';
import { startTestSpanwatch } from '../support/test-spanwatch.ts';

const { database, url } = withTestDatabase();

it('deletes readings that are older than READING_RETENTION_DAYS', async () => {
  await database().query(
    `INSERT INTO line (line_id, name) VALUES ('L', 'L');
     INSERT INTO tower (line_id, tower_id) VALUES ('L', 'T');
     INSERT INTO sensor (sensor_id, line_id, tower_id, kind) VALUES ('A', 'L', 'T', 'weather');
     INSERT INTO weather_reading (sensor_id, observed_at, air_celsius)
     SELECT 'A', now() - make_interval(days => age), 1 FROM unnest('{1, 7, 40, 400}'::int[]) AS age`,
  );
  const spanwatch = await startTestSpanwatch(url(), { ROLES: 'worker', READING_RETENTION_DAYS: '8' });
  try {
    await eventually(async () => {
      const { rows } = await database().query<{ count: number }>(
        'SELECT count(*)::int AS count FROM weather_reading',
      );
      expect(rows[0]?.count).toBe(2);
    });
    const { rows } = await database().query("SELECT cron FROM pgboss.schedule WHERE name = 'clear-readings'");
    expect(rows).toEqual([{ cron: '0 3 * * *' }]);
  } finally {
    await spanwatch.remove();
  }
});
