/** Sets of rendered photographs with known truth, drawn when they are asked for. */
import { decodeImage, type DecodedImage } from '../../platform/blobs/decode-image.ts';
import { createRandom } from '../../core/statistics/random.ts';
import { renderPhotograph } from './render-photograph.ts';

export interface RenderedPicture {
  readonly name: string;
  read(): Promise<{
    readonly pixels: DecodedImage;
    readonly objects: readonly {
      readonly category: 'insulator' | 'joint';
      readonly defective: boolean;
      /** Left, top, right, bottom in pixels. */
      readonly box: readonly [number, number, number, number];
    }[];
  }>;
}

/** Share of pictures with a broken insulator, and, independently, with a failing joint. */
const DEFECT_SHARE = 0.5;

/** @param set sets of other names share no picture: `training/7` */
export function renderedPictures(set: string, count: number): RenderedPicture[] {
  return Array.from({ length: count }, (_, index) => {
    const seed = `${set}/${index}`;
    return { name: `rendered ${seed}`, read: () => render(seed) };
  });
}

async function render(seed: string): ReturnType<RenderedPicture['read']> {
  const wanted = createRandom(seed).fork('wanted');
  const { jpeg, objects } = await renderPhotograph({
    seed,
    insulatorDefect: wanted.uniform() < DEFECT_SHARE,
    jointDefect: wanted.uniform() < DEFECT_SHARE,
  });
  return {
    pixels: await decodeImage(jpeg),
    objects: objects.map(({ category, defect, bbox: [x, y, width, height] }) => ({
      category,
      defective: defect !== null,
      box: [x, y, x + width, y + height] as const,
    })),
  };
}
