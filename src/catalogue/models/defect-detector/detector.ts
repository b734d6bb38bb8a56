/** A loaded detector: its weights on the device, its parameters, and the spaces its parts work in. */
import * as tf from '@tensorflow/tfjs';
import type { ModelArtifact } from '../../../core/domain/model-artifact.ts';
import { unpackWeights } from '../../../core/domain/model-weights.ts';
import type { WeightTensors } from './convolve.ts';
import { parseParameters, type DetectorParameters, type DetectorSpaces } from './parameters.ts';
import { computeSpaces } from './spaces.ts';
import { validateDetector } from './validate.ts';

export interface DefectDetector {
  readonly modelVersion: string;
  readonly weights: WeightTensors;
  readonly parameters: DetectorParameters;
  /** As computed from the weights; `parameters.spaces` says which the heads expect. */
  readonly spaces: DetectorSpaces;
  dispose(): void;
}

export function loadDetector(artifact: ModelArtifact): DefectDetector {
  validateDetector(artifact);
  const named = unpackWeights({ entries: artifact.manifest.weights, bytes: artifact.weights });
  const weights: Record<string, tf.Tensor> = {};
  for (const [name, { shape, values }] of Object.entries(named)) {
    weights[name] = tf.tensor(values, [...shape]);
  }
  return {
    modelVersion: artifact.manifest.version,
    weights,
    parameters: parseParameters(artifact.manifest.parameters),
    spaces: computeSpaces(named),
    dispose: () => tf.dispose(weights),
  };
}
