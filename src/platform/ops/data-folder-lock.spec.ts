import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { lockDataFolder } from './data-folder-lock.ts';

describe('the data folder', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'spanwatch-lock-'));
  });

  it('is lent to one holder at a time', async () => {
    const lock = await lockDataFolder(folder);
    await expect(lockDataFolder(folder)).rejects.toThrow(`Spanwatch already runs on ${folder}`);
    await lock.release();
    await (await lockDataFolder(folder)).release();
  });

  it('is taken over from a process that no longer lives, even if its number lives again', async () => {
    const stale = { pid: process.pid, startedAt: '1' };
    await writeFile(path.join(folder, 'spanwatch.lock'), JSON.stringify(stale));
    await (await lockDataFolder(folder)).release();
  });

  it('is taken over when the lock was cut short by a crash', async () => {
    await writeFile(path.join(folder, 'spanwatch.lock'), '{"pid"');
    await (await lockDataFolder(folder)).release();
  });

  it('says which folder to set when it can not be made', async () => {
    await writeFile(path.join(folder, 'file'), '');
    await expect(lockDataFolder(path.join(folder, 'file', 'data'))).rejects.toThrow(
      'Set DATA_DIR to a folder',
    );
  });
});
