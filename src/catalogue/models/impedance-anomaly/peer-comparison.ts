/** Takes out of a sensor's features what its peers share, as far as they have been found to share it. */
import type { PeerBoard, PeerReference } from './peer-board.ts';
import { COMPARED } from './peer-board.ts';
import { MILLISECONDS_PER_HOUR } from './sensor-series.ts';
import type { Timescales } from './timescales.ts';

/** The median of n normal variables is as good as the mean of this share of them. */
const MEDIAN_EFFICIENCY = 2 / Math.PI;
/** A feature further out than this many healthy spreads says no more of what sensors share. */
const LIMIT = 5;
const MOST_SHARED = 0.98;
/** A share that was seen over so many memories of the longest mean counts half. */
const HALF_SURE_MEMORIES = 4;
/** From a reading back to its peers' standing it is this many slots at most. */
const LAG_SLOTS = 2;

/** Slots are counted from 1970; each lasts one shortest horizon. */
export function slotOf(time: number, { horizonsHours }: Timescales): number {
  return Math.floor(time / (horizonsHours[0] * MILLISECONDS_PER_HOUR));
}

/** Copies the compared features out of an embedding, [channels × compared]. */
export function standingOf(embedding: ArrayLike<number>, channels: number): Float32Array {
  const size = embedding.length / channels;
  const standing = new Float32Array(channels * COMPARED);
  for (let i = 0; i < standing.length; i++) {
    standing[i] = embedding[Math.floor(i / COMPARED) * size + (i % COMPARED)]!;
  }
  return standing;
}

/**
 * A feature is taken for the sum of what is shared, with variance ρ, and what is the sensor's own, 1 − ρ. The best
 * guess of what is shared, from n peers with mean m, is nρ/(1+(n−1)ρ)·m; what is left is brought back to a spread of 1.
 * Without peers, or where they share nothing, nothing changes.
 *
 * @param shared ρ of each compared feature, [channels × compared]
 */
export function takeOutShared(
  embedding: Float32Array | Float64Array,
  shared: Float32Array,
  { peers, median }: PeerReference,
): void {
  if (peers === 0) return;
  const size = (embedding.length * COMPARED) / shared.length;
  const count = Math.max(1, MEDIAN_EFFICIENCY * peers);
  for (let i = 0; i < shared.length; i++) {
    const share = shared[i]!;
    if (share === 0) continue;
    const weight = (count * share) / (1 + (count - 1) * share);
    const at = Math.floor(i / COMPARED) * size + (i % COMPARED);
    embedding[at] = (embedding[at]! - weight * median[i]!) / Math.sqrt(1 - weight * share);
  }
}

/** How much of each compared feature the sensors of a site share, up to a time. */
export function measureShared(board: PeerBoard, timescales: Timescales, until: number): Float32Array {
  const { size } = board;
  const products = new Float64Array(size);
  const squares = new Float64Array(size);
  const sums = new Float64Array(size);
  let [pairs, cases, turns] = [0, 0, 0];
  for (const [earlier, later] of board.pairs(LAG_SLOTS, slotOf(until, timescales))) {
    turns++;
    sums.fill(0);
    let there = 0;
    for (let from = 0; from < earlier.length; from += size) {
      if (Number.isNaN(earlier[from]!)) continue;
      there++;
      for (let i = 0; i < size; i++) sums[i]! += limit(earlier[from + i]!);
    }
    for (let from = 0; from < later.length; from += size) {
      if (Number.isNaN(later[from]!)) continue;
      const isThere = !Number.isNaN(earlier[from] ?? NaN);
      cases++;
      pairs += there - (isThere ? 1 : 0);
      for (let i = 0; i < size; i++) {
        const value = limit(later[from + i]!);
        squares[i]! += value * value;
        products[i]! += value * (sums[i]! - (isThere ? limit(earlier[from + i]!) : 0));
      }
    }
  }
  if (pairs === 0) return new Float32Array(size);
  const memories = (turns * timescales.horizonsHours[0]) / timescales.horizonsHours[3];
  const sure = memories / (memories + HALF_SURE_MEMORIES);
  return Float32Array.from(products, (product, i) => {
    const correlation = product / pairs / (squares[i]! / cases);
    return Math.max(0, Math.min(MOST_SHARED, sure * correlation)) || 0;
  });
}

function limit(value: number): number {
  return Math.max(-LIMIT, Math.min(LIMIT, value));
}
