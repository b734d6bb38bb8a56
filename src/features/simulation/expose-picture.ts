/** What camera and light make of a picture: exposure, tint, haze, fall-off to the corners, noise. */
import type { Random } from '../../core/statistics/random.ts';
import { between } from './choose-random.ts';
import type { PictureSize } from './draw-scenery.ts';

/** A power of two, so that a mask picks an entry. */
const NOISE_VALUES = 4096;

/** Changes the RGB bytes in place. */
export function exposePicture(random: Random, rgb: Uint8Array, { width, height }: PictureSize): void {
  const exposure = between(random, 0.72, 1.18);
  const warmth = between(random, -0.07, 0.07);
  const [red, green, blue] = [exposure * (1 + warmth), exposure, exposure * (1 - warmth)];
  const haze = random.uniform() < 0.3 ? between(random, 10, 40) : 0;
  const falloff = between(random, 0, 0.3);
  const amplitude = between(random, 1.5, 8);
  const noise = Float32Array.from({ length: NOISE_VALUES }, () => random.normal() * amplitude);
  let state = Math.floor(random.uniform() * 2 ** 31) | 1;
  // Rounds and keeps to 0..255 by itself.
  const pixels = new Uint8ClampedArray(rgb.buffer, rgb.byteOffset, rgb.byteLength);
  const mask = NOISE_VALUES - 1;
  let at = 0;
  for (let row = 0; row < height; row++) {
    const dy = (2 * row) / height - 1;
    const rowLight = 1 - falloff * 0.5 * dy * dy;
    for (let column = 0; column < width; column++) {
      const dx = (2 * column) / width - 1;
      const light = rowLight - falloff * 0.5 * dx * dx;
      // Xorshift (Marsaglia, 2003), 32 bits: cheap enough to run once a pixel.
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      pixels[at] = pixels[at]! * red * light + haze + noise[state & mask]!;
      pixels[at + 1] = pixels[at + 1]! * green * light + haze + noise[(state >>> 8) & mask]!;
      pixels[at + 2] = pixels[at + 2]! * blue * light + haze + noise[(state >>> 16) & mask]!;
      at += 3;
    }
  }
}
