import { describe, expect, it } from 'vitest';
import { HASH_COLUMNS, HASH_ROWS, hashDistance, perceptualHash } from './perceptual-hash.ts';

const GREYS = HASH_COLUMNS * HASH_ROWS;

describe('the perceptual hash', () => {
  it('tells where greys grow brighter from left to right', () => {
    expect(perceptualHash(Array.from({ length: GREYS }, (_, index) => index))).toBe('ffffffffffffffff');
    expect(perceptualHash(new Uint8Array(GREYS))).toBe('0000000000000000');
    expect(perceptualHash([0, 9, 0, 9, 0, 9, 0, 9, 0, ...new Uint8Array(63)])).toBe('aa00000000000000');
  });

  it('does not change with the exposure', () => {
    const greys = Array.from({ length: GREYS }, (_, index) => (index * 37) % 101);
    expect(perceptualHash(greys.map((grey) => 20 + 2 * grey))).toBe(perceptualHash(greys));
  });

  it('is compared bit by bit', () => {
    expect(hashDistance('ffffffffffffffff', '0000000000000000')).toBe(64);
    expect(hashDistance('a000000000000001', '8000000000000000')).toBe(2);
  });
});
