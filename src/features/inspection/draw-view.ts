/** Draws a photograph, or a part of it, anew: larger than a thumbnail, without anything that the camera wrote. */
import sharp from 'sharp';
import { BadInput } from '../../core/domain/failure.ts';
import type { Box } from '../../core/geometry/box-overlap.ts';
import { gate } from './intake/read-photograph.ts';

export interface ViewRequest {
  /** In pixels of the original; null for all of it. */
  readonly part: Box | null;
  /** Longer side of what is drawn. */
  readonly mostPx: number;
}

const QUALITY = 82;
const USUAL_PX = 1600;
const MOST_PX = 4000;

/** @throws BadInput when the part is not in the picture, or the size is not one of ours */
export function readViewRequest(
  box: string | undefined,
  size: string | undefined,
  image: { readonly widthPx: number; readonly heightPx: number },
): ViewRequest {
  const mostPx = size === undefined ? USUAL_PX : Number(size);
  if (!Number.isInteger(mostPx) || mostPx < 16 || mostPx > MOST_PX) {
    throw new BadInput('bad-size', `size must be a whole number from 16 to ${MOST_PX}, not ${size}.`);
  }
  if (box === undefined) return { part: null, mostPx };
  const numbers = box.split(',').map((text) => Math.round(Number(text || NaN)));
  const [x = NaN, y = NaN, width = NaN, height = NaN] = numbers;
  const isInside =
    numbers.length === 4 &&
    [x, y].every((side) => side >= 0) &&
    [width, height].every((side) => side >= 1) &&
    x + width <= image.widthPx &&
    y + height <= image.heightPx;
  if (isInside) return { part: [x, y, width, height], mostPx };
  throw new BadInput(
    'bad-box',
    `box must be x,y,width,height inside ${image.widthPx} x ${image.heightPx} pixels, not ${box}.`,
  );
}

/** @param file that was accepted, so that its size is known to be bearable */
export async function drawView(
  file: string,
  megapixels: number,
  { part, mostPx }: ViewRequest,
): Promise<Buffer> {
  return gate.pass(megapixels, async () => {
    const upright = sharp(file, { limitInputPixels: false, sequentialRead: true }).autoOrient();
    const cut = part
      ? upright.extract({ left: part[0], top: part[1], width: part[2], height: part[3] })
      : upright;
    return cut
      .resize(mostPx, mostPx, { fit: 'inside', withoutEnlargement: true })
      .flatten({ background: 'white' })
      .toColourspace('srgb')
      .jpeg({ quality: QUALITY })
      .toBuffer();
  });
}
