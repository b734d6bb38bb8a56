import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSites } from './read-sites.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'read-sites-'));
});

afterAll(() => rm(folder, { recursive: true }));

async function sitesOf(text: string) {
  const file = path.join(folder, 'sites.csv');
  await writeFile(file, text);
  return readSites(file);
}

describe('readSites', () => {
  it('tells towers of the same name on two lines apart', async () => {
    const { sites, towers } = await sitesOf('sensor_id,line_id,tower_id\na,L1,T1\nb,L1,T1\nc,L2,T1\n');
    expect([...sites.values()]).toEqual(['L1', 'L1', 'L2']);
    expect(towers.get('a')).toBe(towers.get('b'));
    expect(towers.get('a')).not.toBe(towers.get('c'));
  });

  it('knows no tower where the file names none', async () => {
    const { sites, towers } = await sitesOf('sensor_id,site\na,north\n');
    expect(sites.get('a')).toBe('north');
    expect(towers.size).toBe(0);
  });

  it('refuses a sensor at two sites, and a file that names no site', async () => {
    await expect(sitesOf('sensor_id,site\na,north\na,south\n')).rejects.toThrow(
      "'a' stands at 'north' already",
    );
    await expect(sitesOf('sensor_id\na\n')).rejects.toThrow('site or line_id');
  });
});
