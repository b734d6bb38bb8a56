/** Makes the models that ship with Spanwatch champions where no others are. */
import path from 'node:path';
import { readModelFolder } from '../../platform/blobs/model-folder.ts';
import type { Logger } from '../../platform/ops/logger.ts';
import { shippedModelFolder } from '../../platform/project-root.ts';
import type { ModelVersionRepository } from '../../platform/storage/model-version-repository.ts';

const SHIPPED = ['coco-backbone', 'defect-detector'] as const;

/** @throws Broken when the shipped weights do not match their hash */
export async function registerShipped(versions: ModelVersionRepository, logger: Logger): Promise<void> {
  for (const model of SHIPPED) {
    const folder = path.resolve(shippedModelFolder(model));
    const { manifest } = await readModelFolder(folder);
    await versions.register(manifest, folder);
    const champion = await versions.champion(model);
    // A champion that was trained elsewhere stays; one that shipped earlier gives way to what ships now.
    if (champion && (champion.folder !== folder || champion.version === manifest.version)) continue;
    await versions.promote(model, manifest.version);
    logger.info({ model, version: manifest.version }, 'shipped model is champion');
  }
}
