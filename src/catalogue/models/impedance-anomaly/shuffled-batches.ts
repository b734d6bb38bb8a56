/** In which order examples are learned. */
import type { Random } from '../../../core/statistics/random.ts';

/** Endless batches; every example once before any a second time. */
export function* shuffledBatches(count: number, size: number, random: Random): Generator<Int32Array, never> {
  const order = Int32Array.from({ length: count }, (_, i) => i);
  for (;;) {
    for (let i = count - 1; i > 0; i--) {
      const j = Math.floor(random.uniform() * (i + 1));
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    for (let at = 0; at < count; at += size) yield order.subarray(at, Math.min(at + size, count));
  }
}
