/** Computes in which embedding spaces a set of weights puts its values. */
import { createHash } from 'node:crypto';
import { embeddingSpaceOf } from '../../../core/domain/embedding-space.ts';
import type { NamedWeights } from '../../../core/domain/model-weights.ts';
import type { DetectorSpaces } from './parameters.ts';
import { preprocessing } from './preprocess.ts';

/** Where each tap lies: all weights whose name begins so are between the picture and the tap. */
const TAPS = {
  stem: { tap: 'defect-detector/stem.featureMaps', upTo: ['stem/'] },
  learner: { tap: 'defect-detector/learner.featureMaps', upTo: ['stem/', 'learner/'] },
  embedding: {
    tap: 'defect-detector/task.embedding',
    upTo: ['stem/', 'learner/', 'task/crops/first/', 'task/crops/second/', 'task/crops/embedding/'],
  },
} as const;

export function computeSpaces(weights: NamedWeights): DetectorSpaces {
  const spaceAt = (part: keyof typeof TAPS): string => {
    const { tap, upTo } = TAPS[part];
    const before = Object.entries(weights).filter(([name]) => upTo.some((start) => name.startsWith(start)));
    return embeddingSpaceOf({ tap, weights: Object.fromEntries(before), preprocessing }, sha256);
  };
  return { stem: spaceAt('stem'), learner: spaceAt('learner'), embedding: spaceAt('embedding') };
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
