/** Draws on a small copy of a photograph what stands on it: defects in one colour, other objects in another. */
import sharp from 'sharp';

export interface DrawnBox {
  /** In pixels of the upright original. */
  readonly xPx: number;
  readonly yPx: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly isDefect: boolean;
}

/** Orange and sky blue of Okabe and Ito's palette, which colour-blind people tell apart, as in the dashboards. */
const [DEFECT, OBJECT] = ['#E69F00', '#56B4E9'];
/** Of the copy's longer side. */
const STROKE = 1 / 120;
const QUALITY = 82;

/** @param copy a JPEG of the whole photograph, upright, of any size */
export async function drawBoxes(
  copy: Buffer,
  original: { readonly widthPx: number; readonly heightPx: number },
  boxes: readonly DrawnBox[],
): Promise<Buffer> {
  if (boxes.length === 0) return copy;
  const { width, height } = await sharp(copy).metadata();
  const stroke = Math.max(2, STROKE * Math.max(width, height));
  const [across, down] = [width / original.widthPx, height / original.heightPx];
  // Defects last, so that no other box covers them.
  const ordered = [...boxes].sort((one, other) => Number(one.isDefect) - Number(other.isDefect));
  const rectangles = ordered.map(({ xPx, yPx, widthPx, heightPx, isDefect }) => {
    const place = `x="${xPx * across}" y="${yPx * down}" width="${widthPx * across}" height="${heightPx * down}"`;
    // A dark line below keeps the bright one visible on snow and sky.
    return [
      `stroke="#000" stroke-opacity="0.6" stroke-width="${2 * stroke}"`,
      `stroke="${isDefect ? DEFECT : OBJECT}" stroke-width="${stroke}"`,
    ]
      .map((line) => `<rect ${place} fill="none" ${line}/>`)
      .join('');
  });
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${rectangles.join('')}</svg>`;
  return sharp(copy)
    .composite([{ input: Buffer.from(drawing) }])
    .jpeg({ quality: QUALITY })
    .toBuffer();
}
