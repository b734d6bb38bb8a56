/** What holds for every amalgamation, and how line inspection refuses parts that do not fit together. */
import { beforeAll, describe, expect, it } from 'vitest';
import { amalgamations } from '../../src/catalogue/amalgamations/amalgamations.ts';
import { lineInspectionGraph } from '../../src/catalogue/amalgamations/line-inspection/graph.ts';
import { createLineInspection } from '../../src/catalogue/amalgamations/line-inspection/line-inspection.ts';
import { readBackbone } from '../../src/catalogue/models/coco-backbone/backbone.ts';
import { models } from '../../src/catalogue/models/models.ts';
import type { ModelArtifact } from '../../src/core/domain/model-artifact.ts';
import { readModelFolder } from '../../src/platform/blobs/model-folder.ts';
import { prepareCompute } from '../../src/platform/compute/choose-backend.ts';
import { shippedModelFolder } from '../../src/platform/project-root.ts';
import { untrainedBackbone, untrainedDetector } from '../support/untrained-models.ts';

beforeAll(() => prepareCompute('cpu'));

describe.each(amalgamations.map((entry) => [entry.name, entry] as const))(
  'amalgamation %s',
  (name, entry) => {
    it('has a graph of its own name and joins models of the catalogue', () => {
      expect(entry.graph.name).toBe(name);
      expect(models.map((model) => model.name)).toEqual(expect.arrayContaining([...entry.models]));
      expect(entry.summary).toMatch(/\.$/);
    });

    it('fits together with the weights that ship', async () => {
      const artifacts: Record<string, ModelArtifact> = {};
      for (const model of entry.models) artifacts[model] = await readModelFolder(shippedModelFolder(model));
      expect(() => entry.check(artifacts)).not.toThrow();
    });
  },
);

describe('line inspection', () => {
  const backbone = untrainedBackbone(1);

  it('refuses a learner over a stem it was not taught on, naming the edge', () => {
    const detector = untrainedDetector(1, backbone);
    expect(() => createLineInspection({ backbone: untrainedBackbone(2), detector })).toThrow(
      /stem\.featureMaps -> learner\.featureMaps/,
    );
  });

  it('refuses heads over a learner they were not taught on, naming the edge', () => {
    const detector = untrainedDetector(1, backbone, readBackbone(untrainedBackbone(2)).learner);
    expect(() => createLineInspection({ backbone, detector })).toThrow(
      /learner\.featureMaps -> propose\.featureMaps/,
    );
  });

  it('cuts proposals out of the feature maps and never goes back to the picture', () => {
    const inputsOf = (id: string): string[] =>
      Object.values(lineInspectionGraph.nodes.find((node) => node.id === id)?.inputs ?? {});
    expect(inputsOf('detail')).toEqual(['stem.featureMaps', 'learner.featureMaps']);
    expect(inputsOf('crop')).toEqual(['detail.featureMaps', 'select.proposals']);
    const readers = lineInspectionGraph.nodes.filter((node) =>
      Object.values(node.inputs).some((from) => from === 'input.image' || from === 'preprocess.image'),
    );
    expect(readers.map((node) => node.id)).toEqual(['preprocess', 'stem']);
  });
});
