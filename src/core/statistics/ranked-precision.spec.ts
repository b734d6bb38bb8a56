import { describe, expect, it } from 'vitest';
import { averagePrecision } from './average-precision.ts';
import { createRandom } from './random.ts';
import { rankPrecision } from './ranked-precision.ts';

const random = createRandom(5);
const CASES = 60;
const scores = Float32Array.from({ length: CASES }, () => Math.round(10 * random.uniform()) / 10);
const truths = Uint8Array.from({ length: CASES }, () => (random.uniform() < 0.3 ? 1 : 0));
const clusters = Uint32Array.from({ length: CASES }, (_, at) => at % 4);

describe('rankPrecision', () => {
  it('is the average precision of all cases where every cluster weighs one', () => {
    expect(rankPrecision(scores, truths, clusters)([1, 1, 1, 1])).toBeCloseTo(
      averagePrecision(scores, truths),
      12,
    );
  });

  it('counts a cluster that weighs two as if its cases were there twice, and one of no weight not at all', () => {
    const copies = [...scores.keys()].flatMap((at) => Array<number>([1, 0, 2, 1][at % 4]!).fill(at));
    const repeated = averagePrecision(
      copies.map((at) => scores[at]!),
      copies.map((at) => truths[at]!),
    );
    expect(rankPrecision(scores, truths, clusters)([1, 0, 2, 1])).toBeCloseTo(repeated, 12);
  });

  it('is not a number where no true case is left', () => {
    expect(rankPrecision(scores, new Uint8Array(CASES), clusters)([1, 1, 1, 1])).toBeNaN();
  });
});
