/** Refuses an artefact that is not this backbone. */
import { BadInput } from '../../../core/domain/failure.ts';
import type { ModelArtifact } from '../../../core/domain/model-artifact.ts';
import { requireFinite, requireShapes } from '../../../core/domain/model-weights.ts';
import { learnerShapes, stemShapes } from './weight-shapes.ts';

export const BACKBONE_NAME = 'coco-backbone';

export function validateBackbone({ manifest, weights }: ModelArtifact): void {
  if (manifest.model !== BACKBONE_NAME) {
    throw new BadInput(
      'model-other',
      `This is a model of the kind ${manifest.model}; ${BACKBONE_NAME} is expected.`,
    );
  }
  requireShapes(manifest.weights, { ...stemShapes, ...learnerShapes });
  requireFinite({ entries: manifest.weights, bytes: weights });
}
