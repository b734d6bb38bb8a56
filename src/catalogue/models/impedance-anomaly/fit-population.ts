/** Measures what all sensors share: scales, time constants, how long a column may repeat itself. */
import { quantile } from '../../../core/statistics/quantile.ts';
import { chooseChannelScale, type ChannelScale } from './channel-scale.ts';
import { chooseSensors } from './choose-sensors.ts';
import type { ContextScaling } from './context-features.ts';
import { MILLISECONDS_PER_HOUR, type Column, type SensorSeries } from './sensor-series.ts';
import { measureStaleLimit } from './stale-columns.ts';
import { chooseTimescales, type Timescales } from './timescales.ts';

export interface Population {
  readonly channelScales: readonly ChannelScale[];
  readonly contextScaling: ContextScaling;
  readonly timescales: Timescales;
  readonly staleAfterHours: readonly (number | null)[];
}

/** A context is new where fewer than this share of readings lay further out. */
const RANGE_TAIL = 0.001;
/** How long columns repeat themselves is read from whole sensors with about this many readings in all. */
const MOST_READINGS = 1_000_000;
/** Neighbouring readings repeat each other: every third suffices for what all sensors share. */
const EVERY = 3;

export function measureTimescales(all: readonly SensorSeries[]): Timescales {
  const intervals: number[] = [];
  const durations: number[] = [];
  for (const { observedAt } of all) {
    const every = Math.max(1, Math.floor(observedAt.length / 1000));
    for (let i = 1; i < observedAt.length; i += every) {
      intervals.push((observedAt[i]! - observedAt[i - 1]!) / MILLISECONDS_PER_HOUR);
    }
    durations.push((observedAt.at(-1)! - observedAt[0]!) / MILLISECONDS_PER_HOUR);
  }
  return chooseTimescales(quantile(intervals, 0.5), quantile(durations, 0.5));
}

export function measureContext(all: readonly SensorSeries[], columns: number): ContextScaling {
  const mean: number[] = [];
  const deviation: number[] = [];
  const lowest: number[] = [];
  const highest: number[] = [];
  for (let column = 0; column < columns; column++) {
    let count = 0;
    let average = 0;
    let squares = 0;
    for (const series of all) {
      for (const value of series.context[column]!) {
        if (Number.isNaN(value)) continue;
        count++;
        const change = value - average;
        average += change / count;
        squares += change * (value - average);
      }
    }
    mean.push(average);
    deviation.push(Math.sqrt(squares / Math.max(1, count)) || 1);
    const values = all.flatMap((series) => sampleColumn(series.context[column]!));
    const standardised = (value: number) => (value - average) / deviation[column]!;
    // A column without a value says nothing of its range.
    lowest.push(values.length === 0 ? 0 : standardised(quantile(values, RANGE_TAIL)));
    highest.push(values.length === 0 ? 0 : standardised(quantile(values, 1 - RANGE_TAIL)));
  }
  return { mean, deviation, lowest, highest };
}

function sampleColumn(column: Column): number[] {
  const values: number[] = [];
  for (let index = 0; index < column.length; index += EVERY) {
    if (!Number.isNaN(column[index]!)) values.push(column[index]!);
  }
  return values;
}

export function measureChannel(all: readonly SensorSeries[], channel: number): ChannelScale {
  let smallest = Infinity;
  for (const series of all) {
    for (const value of series.channels[channel]!) if (value < smallest) smallest = value;
  }
  return chooseChannelScale(smallest);
}

function measureStaleLimits(
  all: readonly SensorSeries[],
  channels: number,
  columns: number,
  { intervalHours, horizonsHours }: Timescales,
): (number | null)[] {
  const some = chooseSensors(all, MOST_READINGS);
  const pick = (choose: (series: SensorSeries) => Column) =>
    measureStaleLimit(
      some.map((series) => ({ observedAt: series.observedAt, column: choose(series) })),
      intervalHours,
      horizonsHours[2],
    );
  return [
    ...Array.from({ length: channels }, (_, i) => pick((series) => series.channels[i]!)),
    ...Array.from({ length: columns }, (_, i) => pick((series) => series.context[i]!)),
  ];
}

export function fitPopulation(all: readonly SensorSeries[], channels: number, columns: number): Population {
  const timescales = measureTimescales(all);
  return {
    timescales,
    contextScaling: measureContext(all, columns),
    channelScales: Array.from({ length: channels }, (_, channel) => measureChannel(all, channel)),
    staleAfterHours: measureStaleLimits(all, channels, columns, timescales),
  };
}
