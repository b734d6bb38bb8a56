/** Pictures come out upright and in RGB; what is no picture, too large or cut short is refused by name. */
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { BadInput } from '../../core/domain/failure.ts';
import { decodeImage } from './decode-image.ts';

/** Left half red, right half blue. */
function halves(width: number, height: number): Sharp {
  const blue = { create: { width: width / 2, height, channels: 3 as const, background: '#0000ff' } };
  return sharp({ create: { width, height, channels: 3, background: '#ff0000' } }).composite([
    { input: blue, left: width / 2, top: 0 },
  ]);
}

async function refusal(bytes: Uint8Array): Promise<BadInput> {
  const failure: unknown = await decodeImage(bytes).catch((thrown: unknown) => thrown);
  expect(failure).toBeInstanceOf(BadInput);
  return failure as BadInput;
}

describe('decodeImage', () => {
  it('gives RGB bytes row by row', async () => {
    const { data, width, height } = await decodeImage(await halves(4, 2).png().toBuffer());
    expect([width, height]).toEqual([4, 2]);
    expect([...data.subarray(0, 12)]).toEqual([255, 0, 0, 255, 0, 0, 0, 0, 255, 0, 0, 255]);
  });

  it('turns the picture the way the camera was held', async () => {
    const sideways = await halves(64, 32).jpeg().withMetadata({ orientation: 6 }).toBuffer();
    const { data, width, height } = await decodeImage(sideways);
    expect([width, height]).toEqual([32, 64]);
    const [top, bottom] = [data.subarray(0, 3), data.subarray(data.length - 3)];
    expect(top[0]).toBeGreaterThan(200); // red above
    expect(bottom[2]).toBeGreaterThan(200); // blue below
  });

  it('makes three channels of grey and of transparent pictures', async () => {
    const grey = await halves(8, 8).greyscale().png().toBuffer();
    expect((await decodeImage(grey)).data).toHaveLength(8 * 8 * 3);
    const clear = await sharp(Buffer.alloc(4 * 64), { raw: { width: 8, height: 8, channels: 4 } })
      .png()
      .toBuffer();
    expect([...(await decodeImage(clear)).data.subarray(0, 3)]).toEqual([255, 255, 255]);
  });

  it('refuses a text file, whatever its name', async () => {
    expect((await refusal(Buffer.from('hello'))).code).toBe('image-type');
  });

  it('refuses a drawing, which would be rendered at any size it asks for', async () => {
    const drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>';
    expect((await refusal(Buffer.from(drawing))).message).toContain('svg');
  });

  it('refuses 30,000 x 30,000 pixels without decoding them', async () => {
    const huge = Buffer.from(
      await sharp(Buffer.alloc(3, 9), { raw: { width: 1, height: 1, channels: 3 } })
        .png()
        .toBuffer(),
    );
    huge.writeUInt32BE(30_000, 16); // width and height in the header
    huge.writeUInt32BE(30_000, 20);
    const start = performance.now();
    expect((await refusal(huge)).code).toBe('image-too-large');
    expect(performance.now() - start).toBeLessThan(1000);
  });

  it('refuses a picture that is cut short', async () => {
    const noise = Buffer.from(Array.from({ length: 256 * 256 * 3 }, (_, i) => (i * 7919) % 251));
    const whole = await sharp(noise, { raw: { width: 256, height: 256, channels: 3 } })
      .jpeg()
      .toBuffer();
    expect((await refusal(whole.subarray(0, whole.length / 2))).code).toBe('image-damaged');
  });
});
