/** A detector with random weights: for tests of everything but its judgement. */
import { createHash } from 'node:crypto';
import { initialWeights } from '../../src/catalogue/models/defect-detector/architecture.ts';
import { uncalibrated } from '../../src/catalogue/models/defect-detector/parameters.ts';
import { computeSpaces } from '../../src/catalogue/models/defect-detector/spaces.ts';
import type { ModelArtifact } from '../../src/core/domain/model-artifact.ts';
import { packWeights, type NamedWeights } from '../../src/core/domain/model-weights.ts';
import { createRandom } from '../../src/core/statistics/random.ts';

/** @param replace weights to use instead, after the heads have been "taught" with the random ones */
export function untrainedDetector(seed: number, replace: NamedWeights = {}): ModelArtifact {
  const weights = initialWeights(createRandom(seed));
  const parameters = uncalibrated(computeSpaces(weights));
  const { bytes, entries } = packWeights({ ...weights, ...replace });
  const weightsSha256 = createHash('sha256').update(bytes).digest('hex');
  return {
    manifest: {
      formatVersion: 1,
      model: 'defect-detector',
      version: `untrained-${seed}`,
      createdAt: '2026-01-01T00:00:00.000Z',
      record: {},
      metrics: {},
      parameters: { ...parameters },
      weights: entries,
      weightsSha256,
    },
    weights: bytes,
  };
}

/** The weights of one part of another random detector. */
export function foreignPart(part: 'stem' | 'learner', seed: number): NamedWeights {
  const weights = Object.entries(initialWeights(createRandom(seed)));
  return Object.fromEntries(weights.filter(([name]) => name.startsWith(`${part}/`)));
}
