/** Computes in which embedding spaces the detector's parts put their values. */
import { createHash } from 'node:crypto';
import { embeddingSpaceOf } from '../../../core/domain/embedding-space.ts';
import type { NamedWeights } from '../../../core/domain/model-weights.ts';
import type { DetectorSpaces } from './parameters.ts';
import { preprocessing } from './preprocess.ts';

const UP_TO_EMBEDDING = ['task/detail/', 'task/crops/first/', 'task/crops/second/', 'task/crops/embedding/'];

/** Of what lies behind the shared stem. @param stem the stem's space, which says all about what lies before */
export function computeSpaces(stem: string, weights: NamedWeights): DetectorSpaces {
  const spaceAt = (tap: string, prefixes: readonly string[]): string => {
    const before = Object.entries(weights).filter(([name]) =>
      prefixes.some((prefix) => name.startsWith(prefix)),
    );
    return embeddingSpaceOf(
      {
        tap: `defect-detector/${tap}`,
        weights: Object.fromEntries(before),
        preprocessing: { ...preprocessing, stem },
      },
      (bytes) => createHash('sha256').update(bytes).digest('hex'),
    );
  };
  return {
    stem,
    learner: spaceAt('learner.featureMaps', ['learner/']),
    embedding: spaceAt('task.embedding', ['learner/', ...UP_TO_EMBEDDING]),
  };
}
