/** A loaded detector: its weights on the device, its parameters, and the spaces its parts work in. */
import * as tf from '@tensorflow/tfjs';
import type { ModelArtifact } from '../../../core/domain/model-artifact.ts';
import { unpackWeights } from '../../../core/domain/model-weights.ts';
import type { WeightTensors } from '../coco-backbone/convolve.ts';
import { parseParameters, type DetectorParameters, type DetectorSpaces } from './parameters.ts';
import { computeSpaces } from './spaces.ts';
import { validateDetector } from './validate.ts';

export interface DefectDetector {
  readonly modelVersion: string;
  /** Of learner and heads. */
  readonly weights: WeightTensors;
  readonly parameters: DetectorParameters;
  /** As computed from the weights, standing on the stem that was taught; `parameters.spaces` says what the heads expect. */
  readonly spaces: DetectorSpaces;
  dispose(): void;
}

export function loadDetector(artifact: ModelArtifact): DefectDetector {
  validateDetector(artifact);
  const named = unpackWeights({ entries: artifact.manifest.weights, bytes: artifact.weights });
  const parameters = parseParameters(artifact.manifest.parameters);
  const weights: Record<string, tf.Tensor> = {};
  for (const [name, { shape, values }] of Object.entries(named)) {
    weights[name] = tf.tensor(values, [...shape]);
  }
  return {
    modelVersion: artifact.manifest.version,
    weights,
    parameters,
    spaces: computeSpaces(parameters.spaces.stem, named),
    dispose: () => tf.dispose(weights),
  };
}
