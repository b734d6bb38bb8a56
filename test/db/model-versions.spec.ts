import { mkdtemp, cp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { registerShipped } from '../../src/features/registry/register-shipped.ts';
import { readModelFolder } from '../../src/platform/blobs/model-folder.ts';
import { shippedModelFolder } from '../../src/platform/project-root.ts';
import { ModelVersionRepository } from '../../src/platform/storage/model-version-repository.ts';
import { withTestDatabase } from '../support/test-database.ts';

const MODEL = 'defect-detector';

describe('model versions', () => {
  const { database } = withTestDatabase();
  const versions = () => new ModelVersionRepository(database());
  const logger = pino({ level: 'silent' });
  let folder = '';

  beforeEach(async () => {
    await database().query('TRUNCATE model_version');
    folder = await mkdtemp(path.join(tmpdir(), 'spanwatch-model-'));
  });
  afterEach(async () => rm(folder, { recursive: true, force: true }));

  it('begin with the one that ships as champion', async () => {
    await registerShipped(versions(), logger);
    await registerShipped(versions(), logger);
    const { manifest } = await readModelFolder(shippedModelFolder(MODEL));
    expect(await versions().champion(MODEL)).toMatchObject({ version: manifest.version, stage: 'champion' });
    expect(await versions().list({ limit: 10, after: null }, MODEL)).toHaveLength(1);
  });

  it('have one champion at a time, and the one before is retired', async () => {
    await registerShipped(versions(), logger);
    const { manifest } = await readModelFolder(shippedModelFolder(MODEL));
    await cp(shippedModelFolder(MODEL), folder, { recursive: true });
    await versions().register({ ...manifest, version: 'later' }, folder);
    await versions().promote(MODEL, 'later');
    const stages = (await versions().list({ limit: 10, after: null }, MODEL)).map((row) => [
      row.version,
      row.stage,
    ]);
    expect(Object.fromEntries(stages)).toEqual({ later: 'champion', [manifest.version]: 'retired' });
  });

  it('keep a champion of our own training when the platform starts again', async () => {
    const { manifest } = await readModelFolder(shippedModelFolder(MODEL));
    await versions().register({ ...manifest, version: 'ours' }, folder);
    await versions().promote(MODEL, 'ours');
    await registerShipped(versions(), logger);
    expect((await versions().champion(MODEL))?.version).toBe('ours');
  });

  it('replace what shipped earlier by what ships now', async () => {
    const { manifest } = await readModelFolder(shippedModelFolder(MODEL));
    await versions().register(
      { ...manifest, version: 'shipped last year' },
      path.resolve(shippedModelFolder(MODEL)),
    );
    await versions().promote(MODEL, 'shipped last year');
    await registerShipped(versions(), logger);
    expect((await versions().champion(MODEL))?.version).toBe(manifest.version);
  });
});
