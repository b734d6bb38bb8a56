/** Sets of rendered photographs with known truth, drawn when they are asked for. */
import { createRandom } from '../../core/statistics/random.ts';
import { decodeImage, type DecodedImage } from '../../platform/blobs/decode-image.ts';
import { drawScene, type RenderedObject } from './draw-scene.ts';
import type { PixelBox } from './picture-geometry.ts';
import { PHOTOGRAPH_SIZE, renderPhotograph, type PhotographRequest } from './render-photograph.ts';

export interface RenderedPicture {
  readonly name: string;
  readonly boxes: readonly {
    readonly category: string;
    /** Left, top, right, bottom in pixels. */
    readonly box: readonly [number, number, number, number];
  }[];
  readonly read: () => Promise<DecodedImage>;
  readonly isDrawn: true;
}

/** Share of pictures with a broken insulator, and, independently, with a failing joint. */
const DEFECT_SHARE = 0.5;

/** @param set sets of other names share no picture: `training/7` */
export function renderedPictures(set: string, count: number): RenderedPicture[] {
  return Array.from({ length: count }, (_, index) => {
    const seed = `${set}/${index}`;
    const wanted = createRandom(seed).fork('wanted');
    const request: PhotographRequest = {
      seed,
      insulatorDefect: wanted.uniform() < DEFECT_SHARE,
      jointDefect: wanted.uniform() < DEFECT_SHARE,
    };
    return {
      name: `rendered ${seed}`,
      boxes: drawScene(createRandom(seed), PHOTOGRAPH_SIZE, request).objects.flatMap(labelsOf),
      read: async () => decodeImage((await renderPhotograph(request)).jpeg),
      isDrawn: true,
    };
  });
}

/** A broken insulator is an insulator with a defect on it; a failing joint is a joint no longer. */
function labelsOf({ category, defect, bbox, defectBbox }: RenderedObject): RenderedPicture['boxes'] {
  const whole = { category, box: corners(bbox) };
  if (!defect || !defectBbox) return [whole];
  const mark = { category: defect, box: corners(defectBbox) };
  return category === 'joint' ? [mark] : [whole, mark];
}

function corners([x, y, width, height]: PixelBox): [number, number, number, number] {
  return [x, y, x + width, y + height];
}
