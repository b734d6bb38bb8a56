import { mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { BlobStore } from './blob-store.ts';

/** SHA-256 of `abc`, from FIPS 180-2. */
const ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

describe('the blob store', () => {
  let store: BlobStore;
  beforeEach(async () => {
    store = new BlobStore(await mkdtemp(path.join(tmpdir(), 'spanwatch-blobs-')));
    await store.prepare(true);
  });
  const receive = async (name: string) => {
    const file = path.join(store.incomingFolder, name);
    await writeFile(file, 'abc');
    return file;
  };

  it('keeps bytes under their hash, once', async () => {
    expect(await store.keep(await receive('one'))).toBe(ABC);
    expect(await store.keep(await receive('two'))).toBe(ABC);
    expect((await store.read(ABC)).toString()).toBe('abc');
    expect(await readdir(store.incomingFolder)).toEqual([]);
  });

  it('clears what a killed process had half received', async () => {
    await receive('half');
    await store.prepare(true);
    expect(await readdir(store.incomingFolder)).toEqual([]);
  });

  it('says which file is gone', async () => {
    await expect(store.read('00ff')).rejects.toThrow('The stored file 00ff is gone');
  });
});
