/** Files are taken when they are complete, moved once they are safe, and refused only with patience and a reason. */
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BadInput, Unavailable } from '../../../core/domain/failure.ts';
import type { IncomingFile } from '../intake/image-intake.ts';
import { WatchedFolder } from './watched-folder.ts';

const silent = { info: () => {}, warn: () => {} };
const goOn = new AbortController().signal;

describe('the watched folder', () => {
  let folder = '';
  let taken: string[] = [];
  let answer: (file: Pick<IncomingFile, 'path'>) => Promise<unknown> = () => Promise.resolve();

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'spanwatch-watch-'));
    taken = [];
    answer = () => Promise.resolve();
  });
  afterEach(() => rm(folder, { recursive: true }));

  const watch = (patienceMs = 0) => {
    const acceptCopy = async (file: Pick<IncomingFile, 'path'>) => {
      await answer(file);
      taken.push(path.relative(folder, file.path));
      return { imageId: 'some', status: 'queued' as const, isKnown: false, quality: [] };
    };
    return new WatchedFolder(folder, { acceptCopy }, silent as never, patienceMs);
  };
  const put = (name: string, text = 'picture') => writeFile(path.join(folder, name), text);

  it('waits until a file has stopped growing', async () => {
    const watched = watch();
    await put('a.jpg');
    await watched.look(goOn);
    await appendFile(path.join(folder, 'a.jpg'), 'more');
    await watched.look(goOn);
    expect(taken).toEqual([]);
    await watched.look(goOn);
    expect(taken).toEqual(['a.jpg']);
    expect(await readdir(folder)).toEqual(['done']);
    expect(await readdir(path.join(folder, 'done'))).toEqual(['a.jpg']);
  });

  it('looks into folders, and overlooks what programs call unfinished', async () => {
    await mkdir(path.join(folder, 'flight 7'));
    for (const name of ['flight 7/b.jpg', '.hidden.jpg', 'c.jpg.part', 'd.jpg~']) await put(name);
    const watched = watch();
    for (let look = 0; look < 3; look++) await watched.look(goOn);
    expect(taken).toEqual(['flight 7/b.jpg']);
    expect(await readdir(path.join(folder, 'done', 'flight 7'))).toEqual(['b.jpg']);
  });

  it('takes in after a restart what was left, and keeps names apart', async () => {
    for (let run = 0; run < 2; run++) {
      await put('a.jpg', `run ${run}`);
      const watched = watch();
      for (let look = 0; look < 2; look++) await watched.look(goOn);
    }
    expect((await readdir(path.join(folder, 'done'))).sort()).toEqual(['a (2).jpg', 'a.jpg']);
  });

  it('refuses what is no photograph when it has rested, with the reason beside it', async () => {
    answer = () => Promise.reject(new BadInput('image-damaged', 'The photograph is damaged.'));
    await put('a.jpg');
    const patient = watch(60_000);
    for (let look = 0; look < 3; look++) await patient.look(goOn);
    expect(await readdir(folder)).toEqual(['a.jpg']);
    const hasty = watch();
    for (let look = 0; look < 2; look++) await hasty.look(goOn);
    expect(await readFile(path.join(folder, 'refused', 'a.jpg.reason.txt'), 'utf8')).toContain('is damaged');
  });

  it('leaves files where they are while the platform can take none', async () => {
    answer = () => Promise.reject(new Unavailable('database-unreachable', 'The database is away.'));
    await put('a.jpg');
    const watched = watch();
    await watched.look(goOn);
    await expect(watched.look(goOn)).rejects.toThrow('away');
    answer = () => Promise.resolve();
    await watched.look(goOn);
    expect(taken).toEqual(['a.jpg']);
  });

  it('is in trouble where there is no such folder', async () => {
    const nowhere = new WatchedFolder(path.join(folder, 'none'), {} as never, silent as never);
    await expect(nowhere.look(goOn)).rejects.toThrow('ENOENT');
  });
});
