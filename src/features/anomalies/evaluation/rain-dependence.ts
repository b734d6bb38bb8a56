/** Whether false alarms come with the rain: the ratio of their rates soon after rain and in dry weather. */
import { quantile } from '../../../core/statistics/quantile.ts';
import { rateRatio, type RateRatio } from '../../../core/statistics/rate-ratio.ts';
import { estimate, type Estimate, type Sites } from './estimate.ts';
import type { HealthyHours, WatchedHealth } from './watch-sensor.ts';

export interface RainDependence {
  /** Share of healthy time that was wet. */
  readonly wetShare: number;
  readonly wetFalseAlarms: number;
  readonly dryFalseAlarms: number;
  /** Of the rates, with the interval of a binomial share. */
  readonly falseAlarms: RateRatio;
  /**
   * False alarms are few. This is the same ratio for hours in which a healthy sensor's score is among the
   * highest hundredth of its own.
   */
  readonly highScores: Estimate;
}

const HIGH = 0.99;

export function rainDependence(
  healths: readonly WatchedHealth[],
  hours: readonly HealthyHours[],
  sites: Sites,
): RainDependence {
  const total = (count: (health: WatchedHealth) => number): number =>
    healths.reduce((sum, health) => sum + count(health), 0);
  const wet = { count: total(({ wet }) => wet.falseAlarms), exposure: total(({ wet }) => wet.hours) };
  const dry = {
    count: total(({ falseAlarms }) => falseAlarms) - wet.count,
    exposure: total(({ hours }) => hours) - wet.exposure,
  };
  return {
    wetShare: wet.exposure / (wet.exposure + dry.exposure),
    wetFalseAlarms: wet.count,
    dryFalseAlarms: dry.count,
    falseAlarms: rateRatio(wet, dry),
    highScores: highScores(hours, sites),
  };
}

function highScores(hours: readonly HealthyHours[], sites: Sites): Estimate {
  // Each sensor against its own threshold: one that is high all the time would otherwise be all that counts.
  const counts = hours.map(({ score, wet }) => {
    const high = quantile(score, HIGH);
    const count = { wet: 0, wetHigh: 0, dry: 0, dryHigh: 0 };
    for (const [at, value] of score.entries()) {
      const isHigh = value > high ? 1 : 0;
      if (wet[at] === 1) {
        count.wet++;
        count.wetHigh += isHigh;
      } else {
        count.dry++;
        count.dryHigh += isHigh;
      }
    }
    return count;
  });
  return estimate(sites, (weights) => {
    const sum = (name: keyof (typeof counts)[number]): number =>
      counts.reduce((before, count, sensor) => before + weights[sensor]! * count[name], 0);
    return sum('wetHigh') / sum('wet') / (sum('dryHigh') / sum('dry'));
  });
}
