/** What a sensor is believed to be before it is known: as the shared network has it, and as firmly as the fleet says. */
import { packedIndex } from '../../../core/statistics/solve-positive-definite.ts';
import { quantile } from '../../../core/statistics/quantile.ts';
import { ContextNetwork, type ContextNetworkWeights } from './context-network.ts';
import type { RegressionPrior } from './context-regression.ts';
import type { SampledReadings } from './sample-readings.ts';
import { regressorCount, writeRegressors } from './regressors.ts';
import { WEIGHT_LIMIT } from './stem.ts';

/** Regressors that hardly vary in the fleet stay put, per reading. */
const RIDGE = 1e-3;
export function fitPrior(
  readings: SampledReadings,
  outputs: NetworkOutputs | null,
  channels: number,
  columns: number,
): RegressionPrior {
  const size = regressorCount(channels, columns);
  const triangle = packedIndex(size, 0);
  const gram = new Float32Array(channels * triangle);
  const coefficients = new Float32Array(channels * size);
  if (outputs === null) return { gram, coefficients };
  for (let channel = 0; channel < channels; channel++) {
    coefficients[channel * size + 1 + 2 * columns + channel] = 1;
    gram.set(centredProducts(readings, outputs, channel, columns), channel * triangle);
  }
  return { gram, coefficients };
}

/** Per reading, weighted by precision, centred within sensors; packed. */
function centredProducts(
  readings: SampledReadings,
  outputs: NetworkOutputs,
  channel: number,
  columns: number,
): Float64Array {
  const { inputs, sensors } = readings;
  const channels = outputs.length / 2;
  const size = regressorCount(channels, columns);
  const inputSize = inputs.length / sensors.length;
  const spread = outputs[channels + channel]!;
  const usual = quantile(spread, 0.5);
  const sum = new Float64Array(packedIndex(size, 0));
  const own = new Float64Array(sum.length);
  const total = new Float64Array(size);
  const x = new Float64Array(size);
  const says = new Float64Array(outputs.length);
  let weight = 0;
  const close = () => {
    let at = 0;
    for (let row = 0; row < size; row++) {
      for (let column = 0; column <= row; column++, at++) {
        sum[at] = sum[at]! + own[at]! - (total[row]! * total[column]!) / Math.max(weight, Number.EPSILON);
      }
    }
    own.fill(0);
    total.fill(0);
    weight = 0;
  };
  for (let reading = 0; reading < sensors.length; reading++) {
    if (reading > 0 && sensors[reading] !== sensors[reading - 1]) close();
    for (let i = 0; i < says.length; i++) says[i] = outputs[i]![reading]!;
    writeRegressors(inputs.subarray(reading * inputSize, (reading + 1) * inputSize), says, columns, x);
    const precision = Math.exp(usual - spread[reading]!);
    const counts = Math.min(WEIGHT_LIMIT, Math.max(1 / WEIGHT_LIMIT, precision)) ** 2;
    weight += counts;
    let at = 0;
    for (let row = 0; row < size; row++) {
      const value = counts * x[row]!;
      total[row] = total[row]! + value;
      for (let column = 0; column <= row; column++, at++) own[at] = own[at]! + value * x[column]!;
    }
  }
  close();
  for (let i = 0; i < sum.length; i++) sum[i] = sum[i]! / sensors.length;
  for (let row = 1; row < size; row++) sum[packedIndex(row, row)] = sum[packedIndex(row, row)]! + RIDGE;
  return sum;
}

/** What the network says of every sampled reading, [2 × channels][readings]. */
export type NetworkOutputs = readonly Float64Array[];

export function networkOutputs(
  { inputs, sensors }: SampledReadings,
  weights: ContextNetworkWeights,
  channels: number,
): NetworkOutputs {
  const network = new ContextNetwork(weights);
  const columns = Array.from({ length: 2 * channels }, () => new Float64Array(sensors.length));
  const inputSize = inputs.length / sensors.length;
  const x = new Float64Array(inputSize);
  for (let reading = 0; reading < sensors.length; reading++) {
    for (let i = 0; i < inputSize; i++) x[i] = inputs[reading * inputSize + i]!;
    network.forward(x);
    for (const [i, column] of columns.entries()) column[reading] = network.outputs[i]!;
  }
  return columns;
}
