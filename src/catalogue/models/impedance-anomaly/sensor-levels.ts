/** What is a sensor's own while the shared network is trained: its level of each channel, and the scale of it all. */
import { quantile } from '../../../core/statistics/quantile.ts';
import { ContextNetwork, type ContextNetworkWeights } from './context-network.ts';
import type { SampledReadings } from './sample-readings.ts';

/** A residual further out pulls no harder: defects and wild readings are among what is learned from. */
export const RESIDUAL_LIMIT = 3;
/** Of a normal variable, between its quartiles. */
const NORMAL_INTERQUARTILE = 1.349;

/** Each sensor's own level of each channel, as the network sees it: the precision-weighted mean of what it leaves. */
export class SensorLevels {
  /** [sensors, channels], in model scale. */
  readonly values: Float32Array;

  constructor(
    private readonly readings: SampledReadings,
    private readonly channels: number,
  ) {
    this.values = new Float32Array((1 + (readings.sensors.at(-1) ?? 0)) * channels);
    const columns = bySensorAndChannel(readings, channels);
    for (const [at, column] of columns.entries()) this.values[at] = quantile(column, 0.5) || 0;
  }

  measure(weights: ContextNetworkWeights): void {
    const { inputs, values, sensors } = this.readings;
    const network = new ContextNetwork(weights);
    const inputSize = inputs.length / sensors.length;
    const sums = new Float64Array(this.values.length);
    const precisions = new Float64Array(this.values.length);
    const x = new Float64Array(inputSize);
    for (const [row, sensor] of sensors.entries()) {
      for (let i = 0; i < inputSize; i++) x[i] = inputs[row * inputSize + i]!;
      network.forward(x);
      for (let channel = 0; channel < this.channels; channel++) {
        const value = values[row * this.channels + channel]!;
        if (Number.isNaN(value)) continue;
        const at = sensor * this.channels + channel;
        const deviation = Math.exp(network.outputs[this.channels + channel]!);
        const left = value - network.outputs[channel]! - this.values[at]!;
        const limited = Math.max(-RESIDUAL_LIMIT, Math.min(RESIDUAL_LIMIT, left / deviation)) * deviation;
        sums[at] = sums[at]! + limited / deviation ** 2;
        precisions[at] = precisions[at]! + 1 / deviation ** 2;
      }
    }
    for (const [at, precision] of precisions.entries()) {
      if (precision > 0) this.values[at] = this.values[at]! + sums[at]! / precision;
    }
  }
}

/** Robust deviation of each channel within sensors, in model scale. */
export function channelDeviations(readings: SampledReadings, channels: number): Float64Array {
  const columns = bySensorAndChannel(readings, channels);
  return Float64Array.from({ length: channels }, (_, channel) => {
    const own = columns.filter((column, at) => at % channels === channel && column.length > 1);
    const spreads = own.map(
      (column) => (quantile(column, 0.75) - quantile(column, 0.25)) / NORMAL_INTERQUARTILE,
    );
    return quantile(spreads, 0.5) || 1;
  });
}

/** What is not missing, [sensors × channels][readings]. */
function bySensorAndChannel({ values, sensors }: SampledReadings, channels: number): number[][] {
  const columns = Array.from({ length: (1 + (sensors.at(-1) ?? 0)) * channels }, (): number[] => []);
  for (const [row, sensor] of sensors.entries()) {
    for (let channel = 0; channel < channels; channel++) {
      const value = values[row * channels + channel]!;
      if (!Number.isNaN(value)) columns[sensor * channels + channel]!.push(value);
    }
  }
  return columns;
}
