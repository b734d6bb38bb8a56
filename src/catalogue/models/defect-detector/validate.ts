/** Refuses an artefact that this detector cannot run. */
import { BadInput } from '../../../core/domain/failure.ts';
import type { ModelArtifact } from '../../../core/domain/model-artifact.ts';
import { requireFinite, requireShapes } from '../../../core/domain/model-weights.ts';
import { parseParameters } from './parameters.ts';
import { weightShapes } from './weight-shapes.ts';

export const MODEL_NAME = 'defect-detector';

export function validateDetector(artifact: ModelArtifact): void {
  const { manifest } = artifact;
  if (manifest.model !== MODEL_NAME) {
    throw new BadInput(
      'model-other',
      `This is a model of the kind ${manifest.model}; ${MODEL_NAME} is expected.`,
    );
  }
  const { classes } = parseParameters(manifest.parameters);
  requireShapes(manifest.weights, weightShapes(classes.length));
  requireFinite({ entries: manifest.weights, bytes: artifact.weights });
}
