import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dashboards } from '../dashboards.ts';
import { projectRoot } from '../../src/platform/project-root.ts';
import { DEFAULT_OPTIONS, generateFiles } from './generate-files.ts';
import { writeFiles } from './write-files.ts';

const folder = path.join(projectRoot, 'dashboards');

describe('the generated files', () => {
  it('in dashboards/generated are what the code makes: else run npm run dashboards', async () => {
    const files = generateFiles(DEFAULT_OPTIONS);
    const there = (await readdir(path.join(folder, 'generated'), { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(path.join(folder, 'generated'), path.join(entry.parentPath, entry.name)));
    expect(there.sort()).toEqual([...files.keys()].sort());
    for (const [name, text] of files) {
      expect(await readFile(path.join(folder, 'generated', name), 'utf8'), name).toBe(text);
    }
  });

  it('are the same every time', () => {
    expect([...generateFiles(DEFAULT_OPTIONS)]).toEqual([...generateFiles(DEFAULT_OPTIONS)]);
  });

  it('come of a list that equals its folders', async () => {
    const entries = await readdir(folder, { withFileTypes: true });
    const others = ['alerts', 'checks', 'files', 'generated', 'house', 'macros', 'preview'];
    const folders = entries.filter((entry) => entry.isDirectory() && !others.includes(entry.name));
    expect(dashboards.map(({ uid }) => uid.replace('spanwatch-', '')).sort()).toEqual(
      folders.map(({ name }) => name).sort(),
    );
  });
});

describe('writing them', () => {
  let out = '';
  beforeEach(async () => void (out = await mkdtemp(path.join(tmpdir(), 'spanwatch-dashboards-'))));
  afterEach(() => rm(out, { recursive: true, force: true }));

  it('leaves alone what is as it should be and what is not ours, and takes away what is no longer made', async () => {
    const first = new Map([
      ['dashboards/spanwatch-a.json', 'a'],
      ['dashboards/spanwatch-b.json', 'b'],
    ]);
    expect(await writeFiles(out, first)).toEqual({ written: 2, unchanged: 0, removed: 0 });
    await writeFile(path.join(out, 'dashboards', 'theirs.json'), '{}');
    const second = new Map([['dashboards/spanwatch-a.json', 'a']]);
    expect(await writeFiles(out, second)).toEqual({ written: 0, unchanged: 1, removed: 1 });
    expect((await readdir(path.join(out, 'dashboards'))).sort()).toEqual(['spanwatch-a.json', 'theirs.json']);
  });
});
