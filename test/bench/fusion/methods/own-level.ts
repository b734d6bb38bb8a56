/** How far each channel of one sensor is from its own past, in standard deviations: what simple methods start from. */
import {
  chooseChannelScale,
  toModelScale,
  type ChannelScale,
} from '../../../../src/catalogue/models/impedance-anomaly/channel-scale.ts';
import type { SensorSeries } from '../../../../src/catalogue/models/impedance-anomaly/sensor-series.ts';

/** Until a sensor has been read for so long, nothing can be said of its level. */
export const WARM_UP_MS = 3 * 86_400_000;

/** Positive channels in logarithms, as the model that is compared with them. */
export function channelScales(series: readonly SensorSeries[]): ChannelScale[] {
  return (series[0]?.channels ?? []).map((_, channel) => {
    let smallest = Infinity;
    for (const own of series) {
      for (const value of own.channels[channel]!) if (value < smallest) smallest = value;
    }
    return chooseChannelScale(smallest);
  });
}

/** Mean and spread that grow with the data (Welford, 1962). */
export class RunningMoments {
  count = 0;
  mean = 0;
  private squares = 0;

  add(value: number): void {
    this.count++;
    const change = value - this.mean;
    this.mean += change / this.count;
    this.squares += change * (value - this.mean);
  }

  /** Infinity while nothing is known, so that a deviation is 0. */
  get deviation(): number {
    return this.count < 2 ? Infinity : Math.sqrt(this.squares / (this.count - 1)) || Infinity;
  }
}

/** @returns per channel the deviation of each reading from all before it; NaN for missing values and warm-up */
export function deviationsFromOwnPast(series: SensorSeries, scales: readonly ChannelScale[]): Float32Array[] {
  const readyAt = series.observedAt[0]! + WARM_UP_MS;
  return series.channels.map((column, channel) => {
    const past = new RunningMoments();
    return Float32Array.from(column, (raw, at) => {
      if (Number.isNaN(raw)) return NaN;
      const value = toModelScale(scales[channel]!, raw);
      const deviation = (value - past.mean) / past.deviation;
      past.add(value);
      return series.observedAt[at]! < readyAt ? NaN : deviation;
    });
  });
}

/** Moving mean over some hours; missing values leave it as it is. */
export function movingMean(observedAt: Float64Array, values: Float32Array, hours: number): Float32Array {
  let mean = NaN;
  let lastAt = 0;
  return Float32Array.from(values, (value, at) => {
    if (Number.isNaN(value)) return mean;
    const gain = 1 - Math.exp(-(observedAt[at]! - lastAt) / (hours * 3_600_000));
    lastAt = observedAt[at]!;
    mean = Number.isNaN(mean) ? value : mean + gain * (value - mean);
    return mean;
  });
}

/** The furthest of several columns, whichever sign; NaN where all are missing. */
export function furthest(columns: readonly Float32Array[]): Float32Array {
  return Float32Array.from(columns[0] ?? [], (_, at) => {
    let most = NaN;
    for (const column of columns) {
      const distance = Math.abs(column[at]!);
      if (!(distance <= most) && !Number.isNaN(distance)) most = distance;
    }
    return most;
  });
}
