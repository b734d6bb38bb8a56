/** Renders what a drone's camera sees at a tower: the stand-in for real photographs, with known truth. */
import sharp from 'sharp';
import { createRandom } from '../../core/statistics/random.ts';
import { between } from './choose-random.ts';
import { drawScene, type RenderedObject, type WantedDefects } from './draw-scene.ts';
import { exposePicture } from './expose-picture.ts';
import { exifOf, type PhotographOrigin } from './photograph-exif.ts';

/** The size of the public insulator pictures (4:3). */
export const PHOTOGRAPH_SIZE = { width: 1152, height: 864 };

export interface PhotographRequest extends WantedDefects, PhotographOrigin {
  /** Same seed and defects, same bytes. */
  readonly seed: number | string;
}

export interface RenderedPhotograph {
  readonly jpeg: Buffer;
  readonly objects: readonly RenderedObject[];
}

/**
 * @example
 * const { jpeg, objects } = await renderPhotograph({ seed: 7, insulatorDefect: true, jointDefect: false });
 */
export async function renderPhotograph(request: PhotographRequest): Promise<RenderedPhotograph> {
  const random = createRandom(request.seed);
  const scene = drawScene(random, PHOTOGRAPH_SIZE, request);
  const camera = random.fork('camera');
  const blurPixels = between(camera, 0.3, 1.6);
  const quality = Math.round(between(camera, 72, 94));
  const { data } = await sharp(Buffer.from(scene.svg))
    .removeAlpha()
    .blur(blurPixels)
    .raw()
    .toBuffer({ resolveWithObject: true });
  exposePicture(camera, data, PHOTOGRAPH_SIZE);
  const jpeg = await sharp(data, { raw: { ...PHOTOGRAPH_SIZE, channels: 3 } })
    .withExif(exifOf(request))
    .jpeg({ quality })
    .toBuffer();
  return { jpeg, objects: scene.objects };
}
