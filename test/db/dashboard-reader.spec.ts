/** The role that Grafana reads with: what it may, what it may not, and what happens where nobody may make it. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { migrationsFolder } from '../../src/platform/project-root.ts';
import { Database } from '../../src/platform/storage/database.ts';
import { databaseUrl } from '../support/database-admin.ts';
import { withTestDatabase } from '../support/test-database.ts';

describe('the reader of dashboards', () => {
  const { database } = withTestDatabase();
  const asReader = (text: string) =>
    database().transaction(async (client) => {
      await client.query('SET LOCAL ROLE spanwatch_reader');
      return client.query(text);
    });

  it.each([
    'impedance_reading',
    'impedance_reading_1h',
    'anomaly_event_severity',
    'job_queue',
    'sensor_health',
    'retention',
  ])('may read %s', async (relation) => {
    await expect(asReader(`SELECT * FROM ${relation} LIMIT 1`)).resolves.toBeDefined();
  });

  it('may read what a later migration makes', async () => {
    await database().query('CREATE TABLE IF NOT EXISTS made_later (n int)');
    await expect(asReader('SELECT * FROM made_later')).resolves.toBeDefined();
  });

  it.each([
    [`INSERT INTO line (line_id, name) VALUES ('x', 'x')`, /permission denied/],
    ['DELETE FROM anomaly_event', /permission denied/],
    ['CREATE TABLE public.mine (n int)', /permission denied/],
    ['SELECT * FROM pg_authid', /permission denied/],
  ])('may not: %s', async (text, problem) => {
    await expect(asReader(text)).rejects.toThrow(problem);
  });

  it('has no password, so nobody logs in by it until it is given one', async () => {
    const { rows } = await database().query(
      `SELECT a.rolpassword, a.rolsuper, r.rolconfig FROM pg_authid a JOIN pg_roles r ON r.oid = a.oid
        WHERE a.rolname = 'spanwatch_reader'`,
    );
    expect(rows).toEqual([
      {
        rolpassword: null,
        rolsuper: false,
        rolconfig: ['statement_timeout=15s', 'default_transaction_read_only=on', 'jit=off'],
      },
    ]);
  });
});

describe('where the migrating user may make no roles', () => {
  const { database, url } = withTestDatabase();

  it('the migration says so and goes on, and the role can be admitted later', async () => {
    const poor = `poor_${process.pid}`;
    const absent = `absent_${process.pid}`;
    const name = new URL(url()).pathname.slice(1);
    await database().query(`CREATE ROLE ${poor} LOGIN PASSWORD 'poor'`);
    await database().query(`GRANT ALL ON DATABASE ${name} TO ${poor}; GRANT ALL ON SCHEMA public TO ${poor}`);
    const address = new URL(databaseUrl(inject('clusterUrl'), name));
    Object.assign(address, { username: poor, password: 'poor' });
    const asPoor = new Database(address.toString());
    try {
      const sql = (await readFile(path.join(migrationsFolder, '0020_dashboard_reader.sql'), 'utf8'))
        .replaceAll('spanwatch_reader', absent)
        .replaceAll('admit_dashboard_reader', 'admit_absent');
      await asPoor.query('CREATE TABLE of_poor (n int)');
      await asPoor.query(sql);
      const admitted = () => asPoor.query<{ admitted: boolean }>('SELECT admit_absent() AS admitted');
      expect((await admitted()).rows).toEqual([{ admitted: false }]);
      await database().query(`CREATE ROLE ${absent}`);
      expect((await admitted()).rows).toEqual([{ admitted: true }]);
      const { rows } = await database().query(
        `SELECT has_table_privilege('${absent}', 'of_poor', 'SELECT') AS may`,
      );
      expect(rows).toEqual([{ may: true }]);
    } finally {
      await asPoor.close();
      await database()
        .query(`DROP OWNED BY ${absent}, ${poor}; DROP ROLE ${absent}; DROP ROLE ${poor}`)
        .catch(() => {});
    }
  });
});
