/** A backbone and a detector with random weights: for tests of everything but their judgement. */
import { createHash } from 'node:crypto';
import { readBackbone } from '../../src/catalogue/models/coco-backbone/backbone.ts';
import { learnerShapes, stemShapes } from '../../src/catalogue/models/coco-backbone/weight-shapes.ts';
import { KNOWN_CLASSES } from '../../src/catalogue/models/defect-detector/defaults.ts';
import { uncalibrated } from '../../src/catalogue/models/defect-detector/parameters.ts';
import { computeSpaces } from '../../src/catalogue/models/defect-detector/spaces.ts';
import { drawHeads } from '../../src/catalogue/models/defect-detector/weight-shapes.ts';
import type { ModelArtifact } from '../../src/core/domain/model-artifact.ts';
import { packWeights, type NamedWeight, type NamedWeights } from '../../src/core/domain/model-weights.ts';
import { createRandom } from '../../src/core/statistics/random.ts';

export function artifactOf(
  model: string,
  weights: NamedWeights,
  parameters: Readonly<Record<string, unknown>> = {},
): ModelArtifact {
  const { bytes, entries } = packWeights(weights);
  return {
    manifest: {
      formatVersion: 1,
      model,
      version: 'untrained',
      createdAt: '2026-01-01T00:00:00.000Z',
      record: { seed: 0 },
      metrics: {},
      parameters,
      weights: entries,
      weightsSha256: createHash('sha256').update(bytes).digest('hex'),
    },
    weights: bytes,
  };
}

/** Small enough that hundreds of layers neither explode nor die. */
export function untrainedBackbone(seed: number): ModelArtifact {
  const weights: Record<string, NamedWeight> = {};
  for (const [name, shape] of Object.entries({ ...stemShapes, ...learnerShapes })) {
    const random = createRandom(`${seed}/${name}`);
    const size = shape.reduce((product, extent) => product * extent, 1);
    const isDepthwise = name.includes('depthwise');
    const fanIn = isDepthwise ? shape[0]! * (shape[1] ?? 1) : size / (shape.at(-1) ?? 1);
    const spread = name.endsWith('bias') ? 0.01 : 1 / Math.sqrt(fanIn);
    weights[name] = { shape, values: Float32Array.from({ length: size }, () => random.normal() * spread) };
  }
  return artifactOf('coco-backbone', weights);
}

export function untrainedDetector(
  seed: number,
  backbone: ModelArtifact,
  replace: NamedWeights = {},
): ModelArtifact {
  const { learner, stemSpace } = readBackbone(backbone);
  const weights = { ...learner, ...drawHeads(createRandom(seed), KNOWN_CLASSES.length) };
  const classes = uncalibrated(KNOWN_CLASSES.map((each) => ({ ...each, basePixels: 30 })));
  // Taught with its own weights, whatever then takes their place.
  const parameters = { classes, spaces: computeSpaces(stemSpace, weights) };
  return artifactOf('defect-detector', { ...weights, ...replace }, parameters);
}
