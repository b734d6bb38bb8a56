/** How much more often something happens in one kind of time than in another, with its interval. */
import { wilsonInterval, type Interval } from './wilson-interval.ts';

export interface RateRatio extends Interval {
  /** NaN where nothing happened, or one kind of time was not watched. */
  readonly ratio: number;
}

export interface Occurrences {
  readonly count: number;
  /** Time watched, in one unit for both. */
  readonly exposure: number;
}

/**
 * Given how many Poisson events there were in all, those of the first kind are binomial (Przyborowski and
 * Wilenski, 1940); the interval is Wilson's for their share, 95 %, carried over to the ratio.
 *
 * @example rateRatio({ count: 6, exposure: 100 }, { count: 4, exposure: 900 }) // 13.5, from 4.2 to 43
 */
export function rateRatio(one: Occurrences, other: Occurrences): RateRatio {
  const inAll = one.count + other.count;
  if (inAll === 0 || one.exposure <= 0 || other.exposure <= 0)
    return { ratio: NaN, lower: 0, upper: Infinity };
  const ofShare = (share: number): number => ((share / (1 - share)) * other.exposure) / one.exposure;
  const { lower, upper } = wilsonInterval(one.count, inAll);
  return { ratio: ofShare(one.count / inAll), lower: ofShare(lower), upper: ofShare(upper) };
}
