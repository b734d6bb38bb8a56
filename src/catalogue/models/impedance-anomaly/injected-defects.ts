/**
 * Artificial defects on healthy residuals: shifts and ramps of any channel, either way, some growing with one
 * context column. They teach the head what a defect can look like before, and besides, the drone's labels.
 */
import type { Random } from '../../../core/statistics/random.ts';
import { forEachShape, type SensorResiduals } from './collect-residuals.ts';
import { HORIZONS, type ResidualShape } from './residual-shape.ts';
import { MILLISECONDS_PER_HOUR } from './sensor-series.ts';
import type { StemParameters } from './stem.ts';

export const INJECTIONS = 500;
/** Looks at each injected defect. */
const SAMPLES = 6;
/** Smallest and largest shift in units of the healthy spread of the second-longest mean. */
const [SMALLEST, LARGEST] = [3, 40];
/** A look counts only when this much of the shift has come. */
const SMALLEST_SEEN = 2.5;
/** Readings before the defect, in longest horizons: the shape's memory. */
const RUN_IN = 2;
/** Longest growth, in longest horizons. */
const LONGEST_GROWTH = 4;

export interface InjectionTask {
  readonly stem: StemParameters;
  readonly shape: ResidualShape;
  /** How often each channel moves, down and up, [channels, 2]. */
  readonly directions: Float32Array;
}

/** @param isHealthy whether a stretch of a sensor, by reading index, may carry an injection */
export function injectDefects(
  sensors: readonly SensorResiduals[],
  { stem: parameters, shape, directions }: InjectionTask,
  random: Random,
  isHealthy: (sensor: SensorResiduals, from: number, to: number) => boolean,
  visit: (embedding: Float32Array) => void,
): void {
  const { horizonsHours, intervalHours } = parameters.timescales;
  const longest = Math.ceil(horizonsHours[HORIZONS - 1]! / intervalHours);
  const length = (RUN_IN + LONGEST_GROWTH) * longest;
  for (let made = 0; made < INJECTIONS; made++) {
    const sensor = sensors[Math.floor(random.uniform() * sensors.length)]!;
    const room = sensor.observedAt.length - sensor.readyFrom - length;
    const from = sensor.readyFrom + Math.floor(random.uniform() * room);
    const defect = drawDefect(parameters, shape, directions, random);
    const until = from + RUN_IN * longest + Math.ceil((length - RUN_IN * longest) * random.uniform());
    const onset = from + RUN_IN * longest;
    if (room < 1 || until - onset < SAMPLES || !isHealthy(sensor, from, until)) continue;
    const every = Math.max(1, Math.floor((until - onset) / SAMPLES));
    let now = 0;
    forEachShape(
      sensor,
      parameters,
      shape,
      { from, to: until },
      1,
      (embedding, index) => {
        if (index > onset && (index - onset) % every === 0 && Math.abs(now) >= SMALLEST_SEEN * defect.unit) {
          visit(embedding);
        }
      },
      (residuals, context, index) => {
        const age = (sensor.observedAt[index]! - sensor.observedAt[onset]!) / MILLISECONDS_PER_HOUR;
        now = age <= 0 ? 0 : defect.size * defect.unit * Math.min(1, age / defect.growthHours);
        const response = defect.column < 0 ? 1 : Math.max(0, 1 + context[defect.column]! / 2);
        residuals[defect.channel] = residuals[defect.channel]! + now * response;
      },
    );
  }
}

function drawDefect(
  parameters: StemParameters,
  shape: ResidualShape,
  directions: Float32Array,
  random: Random,
) {
  const { horizonsHours } = parameters.timescales;
  const between = (low: number, high: number) => low * (high / low) ** random.uniform();
  const direction = drawIndex(directions, random);
  const channel = direction >> 1;
  return {
    channel,
    unit: parameters.shapeScale[channel * shape.size + HORIZONS - 2]!,
    size: between(SMALLEST, LARGEST) * (direction % 2 === 0 ? -1 : 1),
    growthHours: between(horizonsHours[0], LONGEST_GROWTH * horizonsHours[HORIZONS - 1]!),
    /** The context column that the defect answers to, -1 for none. */
    column: Math.floor(random.uniform() * 2 * parameters.context.length) - parameters.context.length,
  };
}

function drawIndex(weights: Float32Array, random: Random): number {
  let left = random.uniform() * weights.reduce((sum, weight) => sum + weight, 0);
  const index = weights.findIndex((weight) => (left -= weight) < 0);
  return index < 0 ? weights.length - 1 : index;
}
