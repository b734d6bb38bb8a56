/** The files of `simulate` do not hang on how many threads make them: byte for byte, as the built command writes them. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { spanwatchCommand } from '../../src/platform/project-root.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'simulate-threads-'));
});
afterAll(() => rm(root, { recursive: true }));

async function hashesWith(threads: number): Promise<Record<string, string>> {
  const out = join(root, String(threads));
  const options = [
    '--sensors',
    '40',
    '--days',
    '20',
    '--flights-per-year',
    '30',
    '--threads',
    String(threads),
  ];
  await promisify(execFile)(process.execPath, [spanwatchCommand, 'simulate', '--out', out, ...options]);
  const hashes: Record<string, string> = {};
  for (const name of await readdir(out)) {
    hashes[name] = createHash('sha256')
      .update(await readFile(join(out, name)))
      .digest('hex');
  }
  return hashes;
}

describe('spanwatch simulate --threads', () => {
  it('writes the same bytes with one, two and more threads than there are lines', async () => {
    const one = await hashesWith(1);
    expect(Object.keys(one)).toHaveLength(7);
    expect(await hashesWith(2)).toEqual(one);
    expect(await hashesWith(9)).toEqual(one);
  }, 120_000);
});
