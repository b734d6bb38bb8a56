/** Copies of photographs for a report: the whole small, and what is about the box; nothing of what the camera wrote. */
import { readFile } from 'node:fs/promises';
import sharp, { type Sharp } from 'sharp';
import type { PictureSize, PixelBox } from '../../core/annotation/pixel-box.ts';
import type { DrawnEvidence, EvidenceBox } from '../../core/report/report-data.ts';
import type { BlobStore } from '../../platform/blobs/blob-store.ts';
import { PixelGate } from '../../platform/blobs/pixel-gate.ts';

/** Longer sides, px: half an A4 page wide at 150 dots an inch. */
const CROP_PX = 720;
const OVERVIEW_PX = 480;
const QUALITY = 80;
/** What is shown about a box, of its longer side on each of its sides; and the least that is shown in all. */
const MARGIN = 0.75;
const LEAST_PX = 160;

/** Reports wait for one another: decoding is what costs memory. */
const gate = new PixelGate(100, 1);

export async function drawEvidence(
  blobs: BlobStore,
  maxMegapixels: number,
  evidence: EvidenceBox,
): Promise<DrawnEvidence> {
  const { sha256, picture, box } = evidence;
  const file = blobs.pathOf(sha256);
  if (!(await blobs.has(sha256))) return { ...evidence, overview: null, crop: null };
  const region = regionAbout(box, picture);
  const limitInputPixels = Math.ceil(maxMegapixels * 1e6);
  return gate.pass((picture.widthPx * picture.heightPx) / 1e6, async () => {
    const upright = () => sharp(file, { limitInputPixels, sequentialRead: true }).autoOrient();
    const { xPx: left, yPx: top, widthPx: width, heightPx: height } = region;
    const near = await toJpeg(upright().extract({ left, top, width, height }), CROP_PX);
    const kept = await readFile(blobs.thumbnailPathOf(sha256)).catch(() => null);
    const overview = kept ?? (await toJpeg(upright(), OVERVIEW_PX));
    return { ...evidence, overview: dataUri(overview), crop: { dataUri: dataUri(near), region } };
  });
}

/** On whole pixels, inside the picture. */
export function regionAbout({ xPx, yPx, widthPx, heightPx }: PixelBox, picture: PictureSize): PixelBox {
  const margin = MARGIN * Math.max(widthPx, heightPx);
  const [left, across] = span(xPx - margin, widthPx + 2 * margin, picture.widthPx);
  const [top, down] = span(yPx - margin, heightPx + 2 * margin, picture.heightPx);
  return { xPx: left, yPx: top, widthPx: across, heightPx: down };
}

function span(from: number, length: number, whole: number): [from: number, length: number] {
  const wanted = Math.min(whole, Math.max(LEAST_PX, Math.ceil(length)));
  const middle = from + length / 2;
  const begin = Math.round(Math.min(whole - wanted, Math.max(0, middle - wanted / 2)));
  return [begin, wanted];
}

/** Written anew: sharp leaves EXIF, XMP and colour profiles out unless it is told to keep them. */
async function toJpeg(picture: Sharp, longestPx: number): Promise<Buffer> {
  return picture
    .resize(longestPx, longestPx, { fit: 'inside', withoutEnlargement: true })
    .flatten({ background: 'white' })
    .toColourspace('srgb')
    .jpeg({ quality: QUALITY })
    .toBuffer();
}

function dataUri(jpeg: Buffer): string {
  return `data:image/jpeg;base64,${jpeg.toString('base64')}`;
}
