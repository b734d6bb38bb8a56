/** Draws readings evenly from the history, as the shared network learns them. */
import { toModelScale, type ChannelScale } from './channel-scale.ts';
import { ContextFeatures } from './context-features.ts';
import type { Population } from './fit-population.ts';
import { forEachReading, type SensorSeries } from './sensor-series.ts';

export interface SampledReadings {
  /** Features of the context, [readings, inputs]. */
  readonly inputs: Float32Array;
  /** Values in model scale, NaN for missing, [readings, channels]. */
  readonly values: Float32Array;
  /** Which sensor, one a reading; readings of one sensor stand together. */
  readonly sensors: Int32Array;
}

const MOST_READINGS = 120_000;

/** @param population scales and time constants; the features have to see every reading for their means */
export function sampleReadings(
  all: readonly SensorSeries[],
  { channelScales, contextScaling, timescales }: Population,
): SampledReadings {
  const total = all.reduce((sum, { observedAt }) => sum + observedAt.length, 0);
  const every = Math.max(1, Math.ceil(total / MOST_READINGS));
  const features = new ContextFeatures(contextScaling, timescales.horizonsHours);
  const count = all.reduce((sum, { observedAt }) => sum + Math.ceil(observedAt.length / every), 0);
  const channels = channelScales.length;
  const inputs = new Float32Array(count * features.size);
  const values = new Float32Array(count * channels);
  const sensors = new Int32Array(count);
  const x = new Float64Array(features.size);
  let row = 0;
  for (const [sensor, series] of all.entries()) {
    const state = new Float32Array(features.stateSize).fill(NaN);
    // A sensor's first reading counts from its own first value: sums stay small at any level.
    const first = channelScales.map(() => NaN);
    forEachReading(series, (reading, context, elapsed, index) => {
      features.update(state, context, elapsed ?? timescales.intervalHours, x);
      if (index % every !== 0) return;
      inputs.set(x, row * features.size);
      for (const [channel, scale] of channelScales.entries()) {
        values[row * channels + channel] = relative(scale, reading[channel]!, channel, first);
      }
      sensors[row++] = sensor;
    });
  }
  return { inputs, values, sensors };
}

function relative(scale: ChannelScale, reading: number, channel: number, first: number[]): number {
  const value = toModelScale(scale, reading);
  if (Number.isNaN(first[channel]!)) first[channel] = value;
  return value - first[channel]!;
}
