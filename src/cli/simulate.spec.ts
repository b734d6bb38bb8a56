import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
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
      'flights.csv',
      'hidden-state.csv',
      'inspections.csv',
      'telemetry.csv',
      'truth.csv',
      'weather.csv',
    ]);
    const printed = JSON.parse(String(print.mock.calls[0]![0])) as unknown;
    expect(printed).toMatchObject({ out, sensors: 3, telemetryRows: 3 * 4 * 144 });
  });

  it('looks with a detector as good as it is told, for all kinds or for some', async () => {
    vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const findings = async (name: string, ...options: string[]) => {
      const out = join(root, name);
      // Threads need the built command; under test it is the source that runs.
      const size = ['--sensors', '24', '--days', '60', '--threads', '1'];
      await run('--out', out, ...size, '--flights-per-year', '60', ...options);
      const rows = (await readFile(join(out, 'inspections.csv'), 'utf8')).trimEnd().split('\n').slice(1);
      expect(rows.length).toBeGreaterThan(100);
      return new Set(rows.map((row) => row.split(',')[4]));
    };
    const blind = await findings('blind', '--detector-recall', '0', '--false-positive-rate', '0');
    expect(blind).toEqual(new Set(['']));
    const rates = 'failing_joint=0,broken_insulator=0,broken_strand=1';
    expect(await findings('strands', '--false-positive-rate', rates, '--detector-recall', '0')).toEqual(
      new Set(['broken_strand']),
    );
  });

  it('draws photographs when asked', async () => {
    vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const out = join(root, 'pictures');
    await run('--out', out, '--sensors', '1', '--days', '7', '--flights-per-year', '73', '--images');
    expect(await readdir(join(out, 'images'))).toEqual(['L01-F01-T01.jpg']);
  });

  it.each([
    ['--sensors', '0', "--sensors is '0', but must be a whole number from 1 to 12000."],
    ['--flights-per-year', '80', "--flights-per-year is '80', but must be a number from 0 to 73."],
    [
      '--detector-recall',
      'rust=0.5',
      "--detector-recall is 'rust=0.5', but must be a number from 0 to 1, or KIND=NUMBER for some of failing_joint, broken_insulator, broken_strand, divided by commas.",
    ],
    ['--days', 'ten', "--days is 'ten', but must be a whole number from 1 to 3660."],
    ['--seed', '1.5', "--seed is '1.5', but must be a whole number from 0 to 4294967295."],
  ])('refuses %s %s in one line', async (option, value, message) => {
    await expect(run('--out', join(root, 'no'), option, value)).rejects.toMatchObject({
      kind: 'BadInput',
      message,
    });
  });
});
