/** Opens line inspection with the models that options name, and the backend that the settings ask for. */
import type { Command } from 'commander';
import {
  createLineInspection,
  type LineInspection,
} from '../catalogue/amalgamations/line-inspection/line-inspection.ts';
import { readModelFolder } from '../platform/blobs/model-folder.ts';
import { prepareCompute } from '../platform/compute/choose-backend.ts';
import { shippedModelFolder } from '../platform/project-root.ts';
import { readSettings } from '../settings.ts';

export interface ModelOptions {
  readonly model: string;
  readonly backbone: string;
  readonly anyHash: boolean;
}

export function addModelOptions(command: Command): Command {
  return command
    .option('--model <folder>', 'detector to use', shippedModelFolder('defect-detector'))
    .option('--backbone <folder>', 'pre-trained features it stands on', shippedModelFolder('coco-backbone'))
    .option('--any-hash', 'take weights that are not those the manifest names', false);
}

export async function openInspection(options: ModelOptions): Promise<LineInspection> {
  const [detector, backbone] = await Promise.all([
    readModelFolder(options.model, options),
    readModelFolder(options.backbone, options),
  ]);
  await prepareCompute(readSettings().TFJS_BACKEND);
  return createLineInspection({ backbone, detector });
}
