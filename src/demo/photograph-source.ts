/** Where the demo's photographs come from: drawn, or taken from a folder of real ones and given the look's place and time. */
import sharp from 'sharp';
import { createRandom } from '../core/statistics/random.ts';
import type { SimulatedLook } from '../features/simulation/flights.ts';
import { exifOf } from '../features/simulation/photograph-exif.ts';
import { renderPhotograph } from '../features/simulation/render-photograph.ts';
import { readDataset } from '../features/training/datasets/read-dataset.ts';
import type { LabelledPicture } from '../features/training/detector-data.ts';

export type PhotographSource = (look: SimulatedLook) => Promise<Uint8Array>;

const JPEG_QUALITY = 92;

export const drawnPhotographs: PhotographSource = async (look) => (await renderPhotograph(look)).jpeg;

/**
 * A picture that shows the defects that the look should see, and no others; where the folder has none, a drawn one.
 *
 * @param folder labelled pictures in any form that training reads
 */
export async function realPhotographs(folder: string): Promise<PhotographSource> {
  const { pictures, classes } = await readDataset(folder);
  const defects = new Set(classes.filter(({ kind }) => kind === 'defect').map(({ name }) => name));
  const byDefects = new Map<string, LabelledPicture[]>();
  for (const picture of pictures) {
    const shown = keyOf(picture.boxes.map(({ category }) => category).filter((name) => defects.has(name)));
    byDefects.set(shown, [...(byDefects.get(shown) ?? []), picture]);
  }
  return async (look) => {
    const wanted = [
      ...(look.insulatorDefect ? ['broken_insulator'] : []),
      ...(look.jointDefect ? ['failing_joint'] : []),
    ];
    const fitting = byDefects.get(keyOf(wanted)) ?? [];
    if (fitting.length === 0) return drawnPhotographs(look);
    const chosen =
      fitting[Math.floor(createRandom(look.seed).fork('photograph').uniform() * fitting.length)]!;
    const { data, width, height } = await chosen.read();
    return sharp(data, { raw: { width, height, channels: 3 } })
      .withExif(exifOf(look))
      .jpeg({ quality: JPEG_QUALITY })
      .toBuffer();
  };
}

function keyOf(defects: readonly string[]): string {
  return [...new Set(defects)].sort().join(' ');
}
