/** A split names what is learned from and what is measured on, and nothing twice. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSplit } from './read-split.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'split-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function split(content: unknown) {
  await writeFile(join(folder, 'split.json'), JSON.stringify(content));
  return readSplit(join(folder, 'split.json'));
}

describe('readSplit', () => {
  it('takes validation under either name, and lets other keys be', async () => {
    const expected = { train: ['a'], validation: ['b'] };
    expect(await split({ rule: 'by cluster', train: ['a'], val: ['b'] })).toEqual(expected);
    expect(await split(expected)).toEqual(expected);
  });

  it('refuses a list that is missing or empty, and a picture that is in both', async () => {
    await expect(split({ train: ['a'] })).rejects.toThrow('no list "validation"');
    await expect(split({ train: [], val: ['b'] })).rejects.toThrow('at train');
    await expect(split({ train: ['a', 'b'], val: ['b'] })).rejects.toThrow('lists b both');
  });
});
