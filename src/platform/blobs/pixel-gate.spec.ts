import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { PixelGate } from './pixel-gate.ts';

describe('the pixel gate', () => {
  const watch = async (gate: PixelGate, sizes: readonly number[]) => {
    let [inside, most, mostPixels] = [new Array<number>(), 0, 0];
    await Promise.all(
      sizes.map((size) =>
        gate.pass(size, async () => {
          inside.push(size);
          most = Math.max(most, inside.length);
          mostPixels = Math.max(
            mostPixels,
            inside.reduce((sum, each) => sum + each, 0),
          );
          await sleep(5);
          inside = inside.filter((_, index) => index !== inside.indexOf(size));
        }),
      ),
    );
    return { most, mostPixels };
  };

  it('keeps the pixels inside under its limit, and the pictures under theirs', async () => {
    expect(await watch(new PixelGate(50, 4), new Array(12).fill(12))).toEqual({ most: 4, mostPixels: 48 });
    expect(await watch(new PixelGate(30, 4), new Array(12).fill(12))).toEqual({ most: 2, mostPixels: 24 });
  });

  it('lets one that is larger than the limit pass alone', async () => {
    expect(await watch(new PixelGate(30, 4), [12, 100, 12])).toEqual({ most: 1, mostPixels: 100 });
  });

  it('is open again after one inside has failed', async () => {
    const gate = new PixelGate(10, 1);
    await expect(gate.pass(5, () => Promise.reject(new Error('damaged')))).rejects.toThrow('damaged');
    expect(await gate.pass(5, () => Promise.resolve('next'))).toBe('next');
  });
});
