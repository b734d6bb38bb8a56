/** Makes photographs as drones' cameras write them, and files that only look like photographs. */
import sharp, { type Exif, type Sharp } from 'sharp';
import { crc32, deflateSync } from 'node:zlib';

export interface CameraFile {
  readonly widthPx?: number;
  readonly heightPx?: number;
  /** Makes the picture's bytes its own. */
  readonly seed?: number;
  readonly exif?: Exif;
  /** Properties of DJI's XMP by local name. */
  readonly dji?: Readonly<Record<string, string>>;
}

/** Textured, so that it compresses as a photograph does. */
export function cameraPicture({
  widthPx = 640,
  heightPx = 480,
  seed = 1,
  exif,
  dji,
}: CameraFile = {}): Sharp {
  const noise = { type: 'gaussian' as const, mean: 90 + (seed % 100), sigma: 25 };
  let picture = sharp({
    create: { width: widthPx, height: heightPx, channels: 3, noise, background: 'grey' },
  });
  picture = exif ? picture.withExif(exif) : picture;
  return dji ? picture.withXmp(djiXmp(dji)) : picture;
}

export function djiXmp(properties: Readonly<Record<string, string>>): string {
  const attributes = Object.entries(properties).map(([name, value]) => `drone-dji:${name}="${value}"`);
  return `<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="DJI Meta Data" xmlns:drone-dji="http://www.dji.com/drone-dji/1.0/"
${attributes.join('\n')}/></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`;
}

/** In EXIF's fractions; the hemisphere goes into the Ref tags. */
export function sexagesimal(degrees: number): string {
  const size = Math.abs(degrees);
  const minutes = (size % 1) * 60;
  return `${Math.floor(size)}/1 ${Math.floor(minutes)}/1 ${Math.round((minutes % 1) * 60 * 1e4)}/10000`;
}

/** @param chunks that stand between header and data */
export function bombPng(widthPx: number, heightPx: number, chunks: readonly Buffer[] = []): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(widthPx, 0);
  header.writeUInt32BE(heightPx, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    pngChunk('IHDR', header),
    ...chunks,
    pngChunk('IDAT', deflateSync(Buffer.alloc(1_000))),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

export function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

/** A JPEG with this EXIF block in the place of its own. */
export async function jpegWithExif(tiff: Buffer): Promise<Buffer> {
  const jpeg = await cameraPicture().jpeg().toBuffer();
  const block = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]);
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(block.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, block, jpeg.subarray(2)]);
}
