/** Puts weights, parameters and record together into a detector's artefact. */
import { createHash } from 'node:crypto';
import type { DetectorClass } from '../../catalogue/models/defect-detector/parameters.ts';
import { computeSpaces } from '../../catalogue/models/defect-detector/spaces.ts';
import { MODEL_NAME } from '../../catalogue/models/defect-detector/validate.ts';
import type { ModelArtifact } from '../../core/domain/model-artifact.ts';
import { packWeights, unpackWeights, type NamedWeights } from '../../core/domain/model-weights.ts';

export interface DetectorAssembly {
  readonly weights: NamedWeights;
  readonly classes: readonly DetectorClass[];
  /** Space of the stem that the weights were taught on. */
  readonly stemSpace: string;
  readonly record: Readonly<Record<string, unknown>>;
  readonly metrics: Readonly<Record<string, unknown>>;
  readonly now: Date;
}

/** Weights are stored in half precision: 4 MB instead of 8, and figures are measured on what is stored. */
export function assembleDetector({
  weights,
  classes,
  stemSpace,
  record,
  metrics,
  now,
}: DetectorAssembly): ModelArtifact {
  const { bytes, entries } = packWeights(weights, 'float16');
  const spaces = computeSpaces(stemSpace, unpackWeights({ entries, bytes }));
  const weightsSha256 = createHash('sha256').update(bytes).digest('hex');
  const createdAt = now.toISOString();
  return {
    manifest: {
      formatVersion: 1,
      model: MODEL_NAME,
      version: `${createdAt.slice(0, 19).replaceAll(':', '-')}Z-${weightsSha256.slice(0, 8)}`,
      createdAt,
      record,
      metrics,
      parameters: { classes, spaces },
      weights: entries,
      weightsSha256,
    },
    weights: bytes,
  };
}
