/** Photographs of several makers are read as they say; what is none, or would harm, gets one clear error. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  bombPng,
  cameraPicture,
  jpegWithExif,
  pngChunk,
  sexagesimal,
} from '../../../../test/support/camera-file.ts';
import { BadInput } from '../../../core/domain/failure.ts';
import { deflateSync } from 'node:zlib';
import { readPhotograph, type ReadPhotograph } from './read-photograph.ts';

const receivedAt = new Date('2026-08-01T00:00:00Z');
let folder = '';
let count = 0;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'spanwatch-read-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(bytes: Uint8Array, assumedOffsetMinutes = 0): Promise<ReadPhotograph> {
  const file = path.join(folder, `${count++}.jpg`);
  await writeFile(file, bytes);
  return readPhotograph(file, 100, { receivedAt, assumedOffsetMinutes });
}

async function refusal(bytes: Uint8Array): Promise<BadInput> {
  const failure: unknown = await read(bytes).catch((thrown: unknown) => thrown);
  expect(failure).toBeInstanceOf(BadInput);
  return failure as BadInput;
}

const DJI = {
  GpsLatitude: '+47.123456789',
  GpsLongitude: '-8.987654321',
  RelativeAltitude: '+32.50',
  GimbalYawDegree: '-121.40',
  GimbalPitchDegree: '-14.90',
  RtkFlag: '50',
  RtkStdLat: '0.01135',
  RtkStdLon: '0.00967',
  UTCAtExposure: '2026-07-01T10:30:00.250000',
};
const LOCAL = { DateTimeOriginal: '2026:07:01 12:30:00', SubSecTimeOriginal: '25' };

describe('a photograph', () => {
  it.each(['jpeg', 'png', 'webp', 'tiff'] as const)('of a DJI drone is read as %s', async (format) => {
    const bytes = await cameraPicture({
      dji: DJI,
      exif: { IFD0: { Make: 'DJI', Model: 'M3E' }, IFD2: LOCAL },
    })
      .toFormat(format)
      .toBuffer();
    const { photograph } = await read(bytes);
    expect(photograph).toMatchObject({
      mediaType: `image/${format}`,
      widthPx: 640,
      heightPx: 480,
      takenAt: new Date('2026-07-01T10:30:00.250Z'),
      takenAtSource: 'utc-at-exposure',
      latitudeDeg: 47.123456789,
      longitudeDeg: -8.987654321,
      relativeAltitudeMetre: 32.5,
      yawDeg: 238.6,
      pitchDeg: -14.9,
      rtkFlag: 50,
      positionSigmaMetre: 0.02,
      warnings: [],
    });
    // libvips hands no EXIF on from what sharp writes as TIFF.
    if (format !== 'tiff')
      expect(photograph).toMatchObject({ cameraModel: 'DJI M3E', utcOffsetMinutes: 120 });
  });

  it('of another maker is read by the standard tags', async () => {
    const exif = {
      IFD0: { Make: 'Skydio', Model: 'X10' },
      IFD2: { ...LOCAL, OffsetTimeOriginal: '+02:00', FocalLengthIn35mmFilm: '35' },
      IFD3: {
        GPSLatitudeRef: 'S',
        GPSLatitude: sexagesimal(33.5),
        GPSLongitudeRef: 'E',
        GPSLongitude: sexagesimal(151.25),
        GPSImgDirectionRef: 'T',
        GPSImgDirection: '905/10',
        GPSHPositioningError: '12/10',
      },
    };
    const { photograph } = await read(await cameraPicture({ exif }).jpeg().toBuffer());
    expect(photograph).toMatchObject({
      cameraModel: 'Skydio X10',
      takenAt: new Date('2026-07-01T10:30:00.250Z'),
      takenAtSource: 'exif-offset',
      utcOffsetMinutes: 120,
      latitudeDeg: -33.5,
      longitudeDeg: 151.25,
      yawDeg: 90.5,
      yawSigmaDeg: 8,
      positionSigmaMetre: 1.2,
      focalLength35Mm: 35,
    });
  });

  it('without a time zone is taken to be of the one that is set', async () => {
    const bytes = await cameraPicture({ exif: { IFD2: LOCAL } })
      .jpeg()
      .toBuffer();
    expect((await read(bytes, 120)).photograph).toMatchObject({
      takenAt: new Date('2026-07-01T10:30:00.250Z'),
      takenAtSource: 'assumed-offset',
      utcOffsetMinutes: null,
    });
  });

  it.each(['1970:01:01 00:00:00', '2090:05:05 12:00:00'])(
    'of a clock that says %s has no time, and says why',
    async (DateTimeOriginal) => {
      const bytes = await cameraPicture({ exif: { IFD2: { DateTimeOriginal } } })
        .jpeg()
        .toBuffer();
      const { photograph } = await read(bytes);
      expect(photograph).toMatchObject({ takenAt: null, takenAtSource: null });
      expect(photograph.warnings[0]).toContain(DateTimeOriginal.slice(0, 4));
    },
  );

  it.each([
    ['+97.0', '8.0'],
    ['47', '361'],
    ['NaN', '8'],
    ['1e999', '8'],
    ['0.000000', '0.000000'],
  ])('at %s, %s has no position', async (GpsLatitude, GpsLongitude) => {
    const bytes = await cameraPicture({ dji: { ...DJI, GpsLatitude, GpsLongitude } })
      .jpeg()
      .toBuffer();
    expect((await read(bytes)).photograph).toMatchObject({
      latitudeDeg: null,
      longitudeDeg: null,
      rtkFlag: null,
    });
  });

  it('whose EXIF directory leads back to itself is read without it', async () => {
    // One entry: the EXIF directory (0x8769), which is this one; and the next directory is this one, too.
    const tiff = Buffer.from('4d4d002a00000008000187690004000000010000000800000008', 'hex');
    expect((await read(await jpegWithExif(tiff))).photograph).toMatchObject({ takenAt: null, widthPx: 640 });
  });

  it('whose EXIF promises a thousand million values is read without it', async () => {
    const tiff = Buffer.from('4d4d002a00000008000182970005' + '3fffffff' + '0000000c' + '00000000', 'hex');
    expect((await read(await jpegWithExif(tiff))).photograph).toMatchObject({ takenAt: null });
  });

  it('whose XMP is damaged, nested deep or full of entities is read without it', async () => {
    const entities = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>';
    for (const xmp of ['<x:xmpmeta', '<a>'.repeat(50_000), entities]) {
      const bytes = await cameraPicture().withXmp(xmp).png().toBuffer();
      expect((await read(bytes)).photograph).toMatchObject({ latitudeDeg: null });
    }
  });

  it('is upright however the camera was held', async () => {
    const bytes = await cameraPicture().withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const { photograph, thumbnail } = await read(bytes);
    expect(photograph).toMatchObject({ widthPx: 480, heightPx: 640 });
    expect(await sharp(thumbnail).metadata()).toMatchObject({ width: 270, height: 360 });
  });

  it('has a thumbnail without anything that the camera wrote', async () => {
    const exif = {
      IFD0: { Copyright: 'secret' },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: sexagesimal(47) },
    };
    const { thumbnail } = await read(await cameraPicture({ dji: DJI, exif }).jpeg().toBuffer());
    const { format, exif: left, xmp } = await sharp(thumbnail).metadata();
    expect([format, left, xmp]).toEqual(['jpeg', undefined, undefined]);
    expect(thumbnail.includes('secret')).toBe(false);
  });

  it.each([
    ['CMYK', () => cameraPicture().toColourspace('cmyk').jpeg()],
    ['16 bits', () => cameraPicture().toColourspace('rgb16').png()],
    ['grey', () => cameraPicture().greyscale().jpeg()],
    ['progressive', () => cameraPicture().jpeg({ progressive: true })],
    ['interlaced', () => cameraPicture().png({ progressive: true })],
    ['transparent', () => cameraPicture().ensureAlpha(0.5).webp()],
  ])('in %s has a thumbnail in sRGB', async (_, picture) => {
    const { thumbnail } = await read(await picture().toBuffer());
    expect(await sharp(thumbnail).metadata()).toMatchObject({ space: 'srgb', channels: 3, depth: 'uchar' });
  });

  it('with a page behind its end is still that photograph, and its thumbnail nothing else', async () => {
    const jpeg = await cameraPicture().jpeg().toBuffer();
    const polyglot = Buffer.concat([jpeg, Buffer.from('PK\x03\x04<script>alert(1)</script>')]);
    const { photograph, thumbnail } = await read(polyglot);
    expect(photograph.mediaType).toBe('image/jpeg');
    expect(thumbnail.includes('script')).toBe(false);
  });
});

describe('what is no photograph', () => {
  it.each([
    ['text', Buffer.from('no picture at all')],
    ['an SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect/></svg>')],
    ['a page that begins as a GIF', Buffer.from('GIF89a/*<html><script>alert(1)</script>*/=1;')],
    ['a PDF', Buffer.from('%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>')],
    ['a PNG without pixels', bombPng(0, 0)],
    ['a single byte', Buffer.from([0xff])],
  ])('is refused: %s', async (_, bytes) => {
    expect((await refusal(bytes)).code).toBe('image-type');
  });

  it('is refused: a GIF, moving or not, and a moving WebP', async () => {
    const still = await cameraPicture({ widthPx: 64, heightPx: 64 }).gif().toBuffer();
    expect((await refusal(still)).code).toBe('image-type');
    const frames = Buffer.alloc(64 * 128 * 3, 200);
    frames.fill(20, 64 * 64 * 3);
    const raw = { width: 64, height: 128, channels: 3 as const, pageHeight: 64 };
    const moving = await sharp(frames, { raw })
      .webp({ loop: 0, delay: [100, 100] })
      .toBuffer();
    expect((await refusal(moving)).code).toBe('image-animated');
  });

  it('is refused: 50,000 x 50,000 pixels, before they are decoded', async () => {
    const before = process.memoryUsage().rss;
    const failure = await refusal(bombPng(50_000, 50_000));
    expect(failure.code).toBe('image-too-many-pixels');
    expect(failure.message).toContain('50000 x 50000');
    expect(process.memoryUsage().rss - before).toBeLessThan(200e6);
  });

  it('does not unfold 300 MB of text that a small PNG holds more than once', async () => {
    const before = process.memoryUsage().rss;
    const text = Buffer.concat([Buffer.from('Comment\0\0', 'latin1'), deflateSync(Buffer.alloc(300e6, 32))]);
    // The data are short as well, so it is damaged either way.
    await refusal(bombPng(64, 64, [pngChunk('zTXt', text)]));
    expect(process.memoryUsage().rss - before).toBeLessThan(800e6);
  });

  it.each(['jpeg', 'png', 'webp', 'tiff'] as const)(
    'is refused: a %s that is cut short anywhere',
    async (format) => {
      const whole = await cameraPicture({ widthPx: 320, heightPx: 240 }).toFormat(format).toBuffer();
      for (const share of [0.02, 0.3, 0.6, 0.9]) {
        const failure = await refusal(whole.subarray(0, Math.floor(whole.length * share)));
        expect(failure.code).toMatch(/^image-(damaged|type)$/);
      }
    },
  );
});
