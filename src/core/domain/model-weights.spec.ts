/** Weights survive the block of bytes bit for bit, and a block that does not fit its entries is refused. */
import { describe, expect, it } from 'vitest';
import { packWeights, requireShapes, unpackWeights } from './model-weights.ts';

const kernel = { shape: [2, 3], values: Float32Array.of(1, -2.5, 3e-30, 4, 5, 1 / 3) };
const bias = { shape: [], values: Float32Array.of(0.25) };

describe('packed weights', () => {
  it('come back with their names, shapes and exact values', () => {
    expect(unpackWeights(packWeights({ kernel, bias }))).toEqual({ kernel, bias });
  });

  it('are the same bytes whatever order the weights were given in', () => {
    expect(packWeights({ kernel, bias })).toEqual(packWeights({ bias, kernel }));
  });

  it('are little-endian float32, one after the other in the order of their names', () => {
    const { bytes, entries } = packWeights({ kernel, bias });
    expect([...bytes.subarray(0, 8)]).toEqual([0, 0, 0x80, 0x3e, 0, 0, 0x80, 0x3f]); // 0.25, 1
    expect(entries.map((entry) => [entry.name, entry.byteOffset])).toEqual([
      ['bias', 0],
      ['kernel', 4],
    ]);
  });

  it('are read from bytes that lie unaligned inside a larger buffer', () => {
    const { bytes, entries } = packWeights({ kernel });
    const larger = new Uint8Array(bytes.length + 7);
    larger.set(bytes, 3);
    const inside = larger.subarray(3, 3 + bytes.length);
    expect(unpackWeights({ entries, bytes: inside })).toEqual({ kernel });
  });

  it('are refused when a weight has more or fewer values than its shape', () => {
    expect(() => packWeights({ kernel: { ...kernel, shape: [7] } })).toThrow('has 6 values');
  });

  it('are refused when an entry reaches beyond the block', () => {
    const { bytes, entries } = packWeights({ kernel });
    expect(() => unpackWeights({ entries, bytes: bytes.subarray(1) })).toThrow('block of 23 bytes');
  });

  it('are compared with what a model expects, naming the weight that differs', () => {
    const { entries } = packWeights({ kernel, bias });
    expect(() => requireShapes(entries, { kernel: [2, 3], bias: [] })).not.toThrow();
    expect(() => requireShapes(entries, { kernel: [2, 3] })).toThrow('bias is not known');
    expect(() => requireShapes(entries, { kernel: [3, 2], bias: [] })).toThrow('[2, 3] where [3, 2]');
    expect(() => requireShapes(entries, { kernel: [2, 3], bias: [], scale: [1] })).toThrow(
      'scale is missing',
    );
  });
});
