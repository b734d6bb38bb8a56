import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { prepareWasm } from '../../../../test/fixtures/prepare-wasm.ts';
import { createRandom } from '../../../core/statistics/random.ts';
import { ContextNetwork } from './context-network.ts';
import type { SampledReadings } from './sample-readings.ts';
import { trainContextNetwork } from './train-context-network.ts';

const SENSORS = 6;
const PER_SENSOR = 1_500;
/** Dry below one standard deviation of humidity, wet above: level and spread rise by far more than a line can follow. */
const meanOf = (humidity: number) => 2 / (1 + Math.exp(-6 * (humidity - 1)));
const deviationOf = (humidity: number) => (humidity < 1 ? 0.03 : 0.5);

function wettingSensors(): SampledReadings {
  const random = createRandom(4);
  const count = SENSORS * PER_SENSOR;
  const inputs = new Float32Array(2 * count);
  const values = new Float32Array(count);
  const sensors = new Int32Array(count);
  for (let row = 0; row < count; row++) {
    const sensor = Math.floor(row / PER_SENSOR);
    const [humidity, air] = [random.normal(), random.normal()];
    inputs.set([humidity, air], 2 * row);
    const missing = random.uniform() < 0.02;
    values[row] = missing
      ? NaN
      : sensor + meanOf(humidity) + 0.2 * air + deviationOf(humidity) * random.normal();
    sensors[row] = sensor;
  }
  return { inputs, values, sensors };
}

describe('the shared network of the context', () => {
  beforeAll(async () => {
    await prepareWasm();
  });

  it('learns a mean and a spread that bend, whatever the levels of the sensors, and leaves no tensor behind', async () => {
    const tensors = tf.memory().numTensors;
    const weights = await trainContextNetwork(wettingSensors(), 1, createRandom(2));
    expect(tf.memory().numTensors).toBe(tensors);
    const network = new ContextNetwork(weights!);
    const at = (humidity: number, air: number) => {
      network.forward(Float64Array.of(humidity, air));
      return { mean: network.outputs[0]!, deviation: Math.exp(network.outputs[1]!) };
    };
    const dry = at(-1, 0);
    // Of a level that the sensors keep for themselves, only differences are to be had.
    expect(at(-0.3, 0).mean - dry.mean).toBeCloseTo(meanOf(-0.3) - meanOf(-1), 1);
    expect(at(2, 0).mean - dry.mean).toBeGreaterThan(1.7);
    expect(at(-1, 1).mean - dry.mean).toBeCloseTo(0.2, 1);
    expect(dry.deviation).toBeLessThan(0.06);
    expect(at(2, 0).deviation).toBeGreaterThan(0.25);
  });

  it('repeats itself with the same seed', async () => {
    const [one, two] = [
      await trainContextNetwork(wettingSensors(), 1, createRandom(2)),
      await trainContextNetwork(wettingSensors(), 1, createRandom(2)),
    ];
    expect(one).toEqual(two);
  });

  it('is a straight line where there is little to learn from', async () => {
    const { inputs, values, sensors } = wettingSensors();
    const few = {
      inputs: inputs.subarray(0, 2 * 150),
      values: values.subarray(0, 150),
      sensors: sensors.subarray(0, 150),
    };
    const network = new ContextNetwork((await trainContextNetwork(few, 1, createRandom(2)))!);
    const mean = (humidity: number) => {
      network.forward(Float64Array.of(humidity, 0));
      return network.outputs[0]!;
    };
    expect(mean(2) - mean(1)).toBeCloseTo(mean(1) - mean(0), 5);
  });

  it('is not there without context', async () => {
    const bare = { inputs: new Float32Array(0), values: Float32Array.of(1, 2), sensors: Int32Array.of(0, 0) };
    expect(await trainContextNetwork(bare, 1, createRandom(1))).toBeNull();
  });
});
