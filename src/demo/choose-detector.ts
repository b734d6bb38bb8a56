/** Lets the weights look that were taught what the drones bring: photographs, or the project's own drawings. */
import type { Spanwatch } from '../main.ts';
import { readModelFolder } from '../platform/blobs/model-folder.ts';
import { shippedModelFolder } from '../platform/project-root.ts';
import { ModelVersionRepository } from '../platform/storage/model-version-repository.ts';

const DETECTOR = 'defect-detector';

/** Champion from now on, whichever it was before. */
export async function chooseDetector({ app }: Pick<Spanwatch, 'app'>, isDrawn: boolean): Promise<void> {
  const versions = app.get(ModelVersionRepository);
  const folder = isDrawn ? shippedModelFolder(DETECTOR, 'drawn') : shippedModelFolder(DETECTOR);
  const { manifest } = await readModelFolder(folder);
  await versions.register(manifest, folder);
  await versions.promote(DETECTOR, manifest.version);
}
