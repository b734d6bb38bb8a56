/** Takes weights and measures from a detector that goes on learning. */
import type { ObjectClass } from '../../catalogue/models/defect-detector/defaults.ts';
import { parseParameters } from '../../catalogue/models/defect-detector/parameters.ts';
import { validateDetector } from '../../catalogue/models/defect-detector/validate.ts';
import { BadInput } from '../../core/domain/failure.ts';
import type { ModelArtifact } from '../../core/domain/model-artifact.ts';
import { unpackWeights, type NamedWeights } from '../../core/domain/model-weights.ts';

export interface Start {
  readonly version: string;
  readonly weights: NamedWeights;
  readonly basePixels: readonly number[];
}

/** @throws BadInput when the detector knows other classes, or stands on another backbone */
export function readStart(
  artifact: ModelArtifact,
  classes: readonly ObjectClass[],
  stemSpace: string,
): Start {
  validateDetector(artifact);
  const { manifest, weights: bytes } = artifact;
  const parameters = parseParameters(manifest.parameters);
  const known = parameters.classes.map(({ name }) => name).join(', ');
  const shown = classes.map(({ name }) => name).join(', ');
  if (known !== shown) {
    throw new BadInput(
      'model-classes',
      `The detector to go on from knows ${known}, and the pictures show ${shown}: train a new one, without --from.`,
    );
  }
  if (parameters.spaces.stem !== stemSpace) {
    throw new BadInput('model-space', 'The detector to go on from was taught on another backbone.');
  }
  return {
    version: manifest.version,
    weights: unpackWeights({ entries: manifest.weights, bytes }),
    basePixels: parameters.classes.map(({ basePixels }) => basePixels),
  };
}
