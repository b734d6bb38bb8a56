/** What holds for every model of the catalogue; a new model is tested by being listed. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { models } from '../../src/catalogue/models/models.ts';
import { BadInput } from '../../src/core/domain/failure.ts';
import { readModelFolder } from '../../src/platform/blobs/model-folder.ts';
import { projectRoot, shippedModelFolder } from '../../src/platform/project-root.ts';

const EXITS = ['featureMaps', 'embedding', 'logits', 'probabilities'];

describe.each(models.map((model) => [model.name, model] as const))('model %s', (name, model) => {
  const folder = join(projectRoot, 'src/catalogue/models', name);

  it('says in one sentence what goes in and what comes out', () => {
    expect(model.summary.split(' ').length).toBeGreaterThan(5);
    expect(model.summary).toMatch(/\.$/);
  });

  it('has a model card that says how it was measured and where its limits are', async () => {
    const card = await readFile(join(folder, 'README.md'), 'utf8');
    expect(card).toMatch(/^# /);
    expect(card).toMatch(/^## .*measured/im);
    expect(card).toMatch(/^## limits/im);
  });

  it('keeps its numbers in defaults.ts', () => {
    expect(existsSync(join(folder, 'defaults.ts'))).toBe(true);
    expect(Object.keys(model.defaults).length).toBeGreaterThan(0);
  });

  it('names its exits, each at most once a part, and ends in probabilities', () => {
    for (const exits of Object.values(model.exits)) {
      expect(EXITS).toEqual(expect.arrayContaining([...exits]));
      expect(new Set(exits).size).toBe(exits.length);
    }
    // A backbone has no task of its own; everything else ends in probabilities.
    const last = model.exits.task.length > 0 ? model.exits.task : model.exits.learner;
    expect(last).toContain(model.exits.task.length > 0 ? 'probabilities' : 'featureMaps');
  });

  it.runIf(existsSync(shippedModelFolder(name)))('accepts the weights that ship with it', async () => {
    const artifact = await readModelFolder(shippedModelFolder(name));
    expect(() => model.validate(artifact)).not.toThrow();
    expect(artifact.weights.byteLength).toBeLessThanOrEqual(20 * 1024 * 1024);
    const { record, metrics } = artifact.manifest;
    // Trained here and measured, or brought in from a named source.
    if ('source' in record) expect(record['source']).toMatchObject({ licence: expect.any(String) as string });
    else {
      expect(record).toHaveProperty('seed');
      expect(Object.keys(metrics).length).toBeGreaterThan(0);
    }
  });

  it('refuses the artefact of another model', () => {
    const other = {
      manifest: {
        formatVersion: 1 as const,
        model: 'something-else',
        version: '1',
        createdAt: '2026-01-01T00:00:00.000Z',
        record: {},
        metrics: {},
        parameters: {},
        weights: [],
        weightsSha256: '',
      },
      weights: new Uint8Array(),
    };
    expect(() => model.validate(other)).toThrow(BadInput);
  });
});
