/** The name of an embedding space changes with everything that changes the meaning of its values, and only then. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { embeddingSpaceOf, type TapDescription } from './embedding-space.ts';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const kernel = { shape: [2], values: Float32Array.of(1, 2) };
const bias = { shape: [1], values: Float32Array.of(0) };
const stem: TapDescription = {
  tap: 'detector/stem',
  weights: { kernel, bias },
  preprocessing: { width: 384, mean: 0.5 },
};
const space = embeddingSpaceOf(stem, sha256);

describe('an embedding space', () => {
  it('is named alike whatever order weights and settings are listed in', () => {
    const reordered = { ...stem, weights: { bias, kernel }, preprocessing: { mean: 0.5, width: 384 } };
    expect(embeddingSpaceOf(reordered, sha256)).toBe(space);
  });

  it.each([
    ['the tap', { ...stem, tap: 'detector/learner' }],
    ['a weight', { ...stem, weights: { bias, kernel: { shape: [2], values: Float32Array.of(1, 2.0001) } } }],
    ['the shape of a weight', { ...stem, weights: { bias, kernel: { ...kernel, shape: [2, 1] } } }],
    ['the preprocessing', { ...stem, preprocessing: { width: 384, mean: 0.4 } }],
  ])('has another name when %s is another', (_, other) => {
    expect(embeddingSpaceOf(other, sha256)).not.toBe(space);
  });
});
