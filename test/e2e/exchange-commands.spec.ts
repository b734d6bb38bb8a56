/** The commands of exchange, each as a process of its own. Needs a build, as the other tests of processes do. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cameraPicture } from '../support/camera-file.ts';
import { runCommand } from '../support/run-command.ts';
import { withTestDatabase } from '../support/test-database.ts';

describe('exchange on the command line', () => {
  const { database, url } = withTestDatabase();
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'exchange-commands-'));
    await database().query(`INSERT INTO line VALUES ('L01', 'One')`);
    await database().query(`INSERT INTO tower (line_id, tower_id) VALUES ('L01', 'T01')`);
  });
  afterAll(() => rm(folder, { recursive: true }));

  const run = async (...words: string[]) => {
    const command = runCommand(words, { DATABASE_URL: url(), DATA_DIR: path.join(folder, 'data') });
    return { code: await command.ended(), output: command.output(), errors: command.errors() };
  };
  const inside = (name: string) => path.join(folder, name);

  it('takes a set with its pictures in, and gives it back with both', async () => {
    await writeFile(inside('a.jpg'), await cameraPicture().jpeg().toBuffer());
    const bbox = [10.5, 20.25, 100, 50];
    await writeFile(
      inside('boxes.json'),
      JSON.stringify({
        images: [{ id: 1, file_name: 'a.jpg' }],
        categories: [{ id: 1, name: 'insulator' }],
        annotations: [
          { image_id: 1, category_id: 1, bbox },
          { image_id: 1, category_id: 1, bbox: [1, 1, 0, 0] },
        ],
      }),
    );
    const taken = await run(
      'import',
      'annotations',
      inside('boxes.json'),
      '--form',
      'coco',
      '--reviewer',
      'anna',
      '--json',
    );
    expect(taken.code).toBe(1);
    expect(JSON.parse(taken.output)).toMatchObject({
      takenIn: 1,
      added: 1,
      problems: [expect.stringMatching(/^boxes\.json: annotation 1: the box .* has no area\.$/)],
    });
    const given = await run(
      'export',
      'annotations',
      '--form',
      'coco',
      '--out',
      inside('set'),
      '--with-images',
      '--json',
    );
    expect(given).toMatchObject({ code: 0 });
    expect(JSON.parse(given.output)).toMatchObject({ pictures: 1, boxes: 1, missing: [] });
    const set = JSON.parse(await readFile(inside('set/annotations.json'), 'utf8')) as {
      images: { file_name: string }[];
      annotations: { bbox: number[]; reviewed_by: string }[];
    };
    expect(set.annotations).toEqual([expect.objectContaining({ bbox, reviewed_by: 'anna' })]);
    const copy = await readFile(inside(`set/images/${set.images[0]!.file_name}`));
    expect(copy.equals(await readFile(inside('a.jpg')))).toBe(true);
    expect(await run('export', 'annotations', '--form', 'yolo', '--out', inside('set'))).toMatchObject({
      code: 2,
    });
  }, 180_000);

  it('writes findings and reports, and says what it does not find', async () => {
    expect(await run('export', 'findings', '--out', inside('f.geojson'))).toMatchObject({ code: 0 });
    expect(JSON.parse(await readFile(inside('f.geojson'), 'utf8'))).toEqual({
      type: 'FeatureCollection',
      features: [],
    });
    expect(await run('export', 'report', '--tower', 'L01/T01', '--out', inside('t.html'))).toMatchObject({
      code: 0,
    });
    expect(await readFile(inside('t.html'), 'utf8')).toContain('No flight has looked at this tower');
    const missing = await run('export', 'report', '--tower', 'L01/T99', '--out', inside('u.html'));
    expect([missing.code, missing.errors]).toEqual([
      2,
      expect.stringContaining('There is no tower T99 on line L01'),
    ]);
    const both = await run('export', 'report', '--out', inside('u.html'));
    expect(both.errors).toContain('Name either --tower LINE/TOWER or --flight ID.');
  }, 180_000);
});
