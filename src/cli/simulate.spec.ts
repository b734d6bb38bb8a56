import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { simulateCommand } from './simulate.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'simulate-'));
});
afterAll(() => rm(root, { recursive: true }));
afterEach(() => {
  vi.restoreAllMocks();
});

const run = (...options: string[]) => simulateCommand().parseAsync(options, { from: 'user' });

describe('spanwatch simulate', () => {
  it('writes the files and says so in one line of JSON', async () => {
    const print = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const out = join(root, 'grid');
    await run('--out', out, '--sensors', '3', '--days', '4', '--json');
    expect((await readdir(out)).sort()).toEqual([
      'assets.csv',
      'inspections.csv',
      'telemetry.csv',
      'truth.csv',
      'weather.csv',
    ]);
    const printed = JSON.parse(String(print.mock.calls[0]![0])) as unknown;
    expect(printed).toMatchObject({ out, sensors: 3, telemetryRows: 3 * 4 * 144 });
  });

  it('draws photographs when asked', async () => {
    vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const out = join(root, 'pictures');
    await run('--out', out, '--sensors', '1', '--days', '3', '--images');
    expect(await readdir(join(out, 'images'))).toEqual(['L01-F01-T01.jpg']);
  });

  it.each([
    ['--sensors', '0', "--sensors is '0', but must be a whole number from 1 to 12000."],
    ['--days', 'ten', "--days is 'ten', but must be a whole number from 1 to 3660."],
    ['--seed', '1.5', "--seed is '1.5', but must be a whole number from 0 to 4294967295."],
  ])('refuses %s %s in one line', async (option, value, message) => {
    await expect(run('--out', join(root, 'no'), option, value)).rejects.toMatchObject({
      kind: 'BadInput',
      message,
    });
  });
});
