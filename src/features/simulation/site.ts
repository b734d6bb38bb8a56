/** What is peculiar to the place of one tower, and what of the weather no station reports there. */
import type { Random } from '../../core/statistics/random.ts';
import { MeanRevertingBank } from './mean-reverting.ts';

export interface Site {
  /** Wind at the span over that at the station, on average. */
  readonly shelter: number;
  /** 1 for open country. */
  readonly dustiness: number;
  /** Part of a heavy deposit that lies on the string at the start. */
  readonly startPollution: number;
}

export function drawSite(random: Random): Site {
  const site = random.fork('site');
  const shelter = Math.exp(0.12 * site.normal());
  const dustiness = Math.exp(0.25 * site.normal());
  return { shelter, dustiness, startPollution: 0.2 + 0.3 * site.uniform() };
}

const LATENT = {
  /** Of the logarithm of the wind speed. */
  wind: { deviation: 0.18, memoryHours: 3 },
  humidity: { deviation: 1.2, memoryHours: 5 },
  dew: { deviation: 0.15, memoryHours: 5 },
};

/** One such noise for every tower. */
export function latentNoise(
  of: keyof typeof LATENT,
  randoms: readonly Random[],
  stepHours: number,
): MeanRevertingBank {
  return new MeanRevertingBank(
    randoms.map((random) => random.fork(of)),
    LATENT[of],
    stepHours,
  );
}
