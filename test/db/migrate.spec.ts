import { mkdtemp, cp, appendFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { migrationsFolder } from '../../src/platform/project-root.ts';
import { migrate } from '../../src/platform/storage/migrate.ts';
import { withTestDatabase } from '../support/test-database.ts';

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

  it('are refused when the database is ahead of the files', async () => {
    await database().query("INSERT INTO migration (name, sha256) VALUES ('9999_future.sql', 'x')");
    await expect(migrate(url(), folder)).rejects.toThrow('use a newer Spanwatch');
  });
});
