/** A loaded backbone: the frozen stem on the device, and the learner's weights as they came, to tune from. */
import { createHash } from 'node:crypto';
import * as tf from '@tensorflow/tfjs';
import { embeddingSpaceOf } from '../../../core/domain/embedding-space.ts';
import type { ModelArtifact } from '../../../core/domain/model-artifact.ts';
import { unpackWeights, type NamedWeights } from '../../../core/domain/model-weights.ts';
import type { WeightTensors } from './convolve.ts';
import { preprocessing } from './defaults.ts';
import { validateBackbone } from './validate.ts';

export interface BackboneWeights {
  readonly version: string;
  readonly stem: NamedWeights;
  readonly learner: NamedWeights;
  /** Of the stem's feature maps; what stands on them names it. */
  readonly stemSpace: string;
}

export interface LoadedStem {
  readonly weights: WeightTensors;
  readonly space: string;
  dispose(): void;
}

export function readBackbone(artifact: ModelArtifact): BackboneWeights {
  validateBackbone(artifact);
  const { manifest, weights: bytes } = artifact;
  const part = (prefix: string): NamedWeights =>
    unpackWeights({ entries: manifest.weights.filter(({ name }) => name.startsWith(prefix)), bytes });
  const stem = part('stem/');
  const stemSpace = embeddingSpaceOf(
    { tap: 'coco-backbone/stem.featureMaps', weights: stem, preprocessing },
    (block) => createHash('sha256').update(block).digest('hex'),
  );
  return { version: manifest.version, stem, learner: part('learner/'), stemSpace };
}

/** Needs a compute backend that is ready. */
export function loadStem(artifact: ModelArtifact): LoadedStem {
  const { stem, stemSpace } = readBackbone(artifact);
  const weights: Record<string, tf.Tensor> = {};
  for (const [name, { shape, values }] of Object.entries(stem)) {
    weights[name] = tf.tensor(values, [...shape]);
  }
  return { weights, space: stemSpace, dispose: () => tf.dispose(weights) };
}
