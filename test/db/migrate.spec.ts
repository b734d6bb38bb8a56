import { mkdtemp, cp, appendFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, inject, it } from 'vitest';
import { migrationsFolder } from '../../src/platform/project-root.ts';
import { migrate } from '../../src/platform/storage/migrate.ts';
import { Database } from '../../src/platform/storage/database.ts';
import { createDatabase, databaseUrl, dropDatabase } from '../support/database-admin.ts';
import { withTestDatabase } from '../support/test-database.ts';

async function createEmptyDatabase() {
  const cluster = inject('clusterUrl');
  const name = `spanwatch_empty_${process.pid}`;
  // TimescaleDB stays connected to template1.
  await createDatabase(cluster, name, 'template0');
  const url = databaseUrl(cluster, name);
  const database = new Database(url);
  const drop = async () => {
    await database.close();
    await dropDatabase(cluster, name);
  };
  return { url, database, drop };
}

describe('migrations', () => {
  const { database, url } = withTestDatabase();
  let folder = '';

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'spanwatch-migrations-'));
    await cp(migrationsFolder, folder, { recursive: true });
  });

  it('apply nothing a second time', async () => {
    const report = await migrate(url(), folder);
    expect(report.applied).toEqual([]);
    expect(report.alreadyThere).toBeGreaterThan(0);
  });

  it('are refused when an applied file was changed', async () => {
    await appendFile(path.join(folder, '0001_assets.sql'), '-- edited');
    await expect(migrate(url(), folder)).rejects.toThrow('0001_assets.sql was changed after it was applied');
  });

  it('leave nothing behind when one fails, and name file and line', async () => {
    await writeFile(path.join(folder, '9001_bad.sql'), 'CREATE TABLE half ();\nSELECT nonsense;');
    await expect(migrate(url(), folder)).rejects.toThrow('9001_bad.sql:2');
    const { rows } = await database().query<{ half: string | null }>("SELECT to_regclass('half') AS half");
    expect(rows[0]?.half).toBeNull();
  });

  it('give codes to messages that were rejected before there were codes, and keep one of each', async () => {
    const only = await mkdtemp(path.join(tmpdir(), 'spanwatch-migrations-'));
    const names = ['0001_assets.sql', '0002_readings.sql'];
    for (const name of names) await cp(path.join(folder, name), path.join(only, name));
    const old = await createEmptyDatabase();
    try {
      await migrate(old.url, only);
      const reasons = [
        "The topic is 'x', but must be spanwatch/v1/{line}/{tower}/{sensor}/{kind}.",
        'The payload has 1048577 bytes, but must have at most 1048576; so many of it are kept.',
        'LoadAmpere is -1, but must be a number from 0 to 10000 A, or null when not measured.',
        'LoadAmpere is "x", but must be a number from 0 to 10000 A, or null when not measured.',
        'Reading 2 of 2: observedAt is 2027-01-01T00:00:00.000Z, but must be at most 5 minutes after now.',
      ];
      await old.database.query(
        "INSERT INTO rejected_message (topic, payload, reason) SELECT 't', convert_to(r, 'UTF8'), r FROM unnest($1::text[]) r",
        [[...reasons, reasons[0]]],
      );
      await cp(path.join(folder, '0007_rejected.sql'), path.join(only, '0007_rejected.sql'));
      await migrate(old.url, only);
      const { rows } = await old.database.query<{ reason_code: string }>(
        'SELECT reason_code FROM rejected_message ORDER BY rejected_message_id',
      );
      expect(rows.map((row) => row.reason_code)).toEqual([
        'topic-malformed',
        'payload-too-large',
        'quantity-implausible',
        'reading-malformed',
        'time-in-future',
      ]);
    } finally {
      await old.drop();
    }
  });

  it('are refused when the database is ahead of the files', async () => {
    await database().query("INSERT INTO migration (name, sha256) VALUES ('9999_future.sql', 'x')");
    await expect(migrate(url(), folder)).rejects.toThrow('use a newer Spanwatch');
  });
});
