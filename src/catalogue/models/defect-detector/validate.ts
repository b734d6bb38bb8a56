/** Refuses an artefact that this detector cannot run. */
import { BadInput } from '../../../core/domain/failure.ts';
import type { ModelArtifact } from '../../../core/domain/model-artifact.ts';
import { requireShapes, unpackWeights } from '../../../core/domain/model-weights.ts';
import { weightShapes } from './architecture.ts';
import { parseParameters } from './parameters.ts';

export const MODEL_NAME = 'defect-detector';

export function validateDetector({ manifest, weights }: ModelArtifact): void {
  if (manifest.model !== MODEL_NAME) {
    throw new BadInput(
      'model-other',
      `This is a model of the kind ${manifest.model}; ${MODEL_NAME} is expected.`,
    );
  }
  requireShapes(manifest.weights, weightShapes);
  const values = unpackWeights({ entries: manifest.weights, bytes: weights });
  for (const [name, weight] of Object.entries(values)) {
    if (!weight.values.every(Number.isFinite)) {
      throw new BadInput('weights-not-finite', `Weight ${name} holds values that are not finite numbers.`);
    }
  }
  parseParameters(manifest.parameters);
}
