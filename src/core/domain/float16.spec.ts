/** Half-precision numbers survive both ways, and others are rounded as the standard says. */
import { describe, expect, it } from 'vitest';
import { readFloat16, writeFloat16 } from './float16.ts';

describe('half-precision numbers', () => {
  it('come back from all their 65,536 bit patterns', () => {
    for (let half = 0; half < 0x10000; half++) {
      const value = readFloat16(half);
      if (Number.isNaN(value)) expect(readFloat16(writeFloat16(value))).toBeNaN();
      else if (writeFloat16(value) !== half) expect.fail(`${half} became ${writeFloat16(value)}`);
    }
  });

  it('are the nearest to any other number, and of two the even one', () => {
    expect(readFloat16(writeFloat16(0.1))).toBe(0.0999755859375);
    expect(readFloat16(writeFloat16(-1 / 3))).toBe(-0.333251953125);
    expect(readFloat16(writeFloat16(2049))).toBe(2048);
    expect(readFloat16(writeFloat16(2051))).toBe(2052);
    expect(readFloat16(writeFloat16(2 ** -25))).toBe(0);
    expect(readFloat16(writeFloat16(3 * 2 ** -25))).toBe(2 ** -23);
  });

  it('end at 65,504, beyond which lies infinity', () => {
    expect(readFloat16(writeFloat16(65_519))).toBe(65_504);
    expect(readFloat16(writeFloat16(65_520))).toBe(Infinity);
    expect(readFloat16(writeFloat16(-1e9))).toBe(-Infinity);
  });
});
