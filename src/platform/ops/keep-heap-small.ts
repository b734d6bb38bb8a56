/** Keeps a process that takes in messages near the memory it needs. */
import { setFlagsFromString } from 'node:v8';

/**
 * A message lives until its commit, which is long enough to be taken for old: by default V8 lets the old ones grow to
 * four times what is alive before it looks again, here to as much again. Less than that costs: at half as much the
 * processor had a third to half more work. Not for those who compute, whose heap is large and stays.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--heap-growing-percent=100');
}
