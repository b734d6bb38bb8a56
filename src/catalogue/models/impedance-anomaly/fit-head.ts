/** Brings together what teaches the head: clean looks, defects with unknown onset, artificial defects. */
import type { Random } from '../../../core/statistics/random.ts';
import type { SensorResiduals } from './collect-residuals.ts';
import {
  evidenceOf,
  headInputSize,
  MARKS_PER_CHANNEL,
  unsupervisedHead,
  writeHeadInputs,
  writeMarks,
  type FittedHead,
} from './head.ts';
import { injectDefects } from './injected-defects.ts';
import { learnDirections } from './learn-directions.ts';
import { ResidualShape, shapeSize } from './residual-shape.ts';
import { weatherAt, weatherSize, whiten } from './sample-weather.ts';
import { indicesWithin, inputsAt, marksAt, type SensorSamples } from './sensor-samples.ts';
import { healthyTimes, NO_LOOKS, shownInside, unreportedDefect, type SensorLooks } from './shown-defects.ts';
import type { StemParameters } from './stem.ts';
import { trainHead, type HeadExamples } from './train-head.ts';

/**
 * With fewer seen defects than this a trained head is worse than none: on grids of 48 sensors it ranked no better and
 * raised twice as many false alarms.
 */
const FEWEST_SEEN = 3;
/** What a time without looks, but without suspicion, weighs against one with a clean look. */
const UNLABELLED_WEIGHT = 0.2;
/** All artificial defects together, and all seen ones, against all healthy samples. */
const [INJECTED_SHARE, SEEN_SHARE] = [0.5, 0.5];
/** One sample of a seen defect weighs at most as much as this many healthy ones. */
const MOST_PER_SAMPLE = 20;

export interface HeadTask {
  readonly stem: StemParameters;
  readonly samples: readonly SensorSamples[];
  readonly looks: ReadonlyMap<string, SensorLooks>;
  readonly kinds: readonly string[];
  /** Telemetry after this time is not used. */
  readonly until: number;
}

/** How much telemetry shows of each look is judged by the unsupervised evidence, so that no label proves itself. */
export async function fitHead(task: HeadTask, random: Random): Promise<FittedHead> {
  const { directions, seen } = learnDirections(task.stem, task.samples, task.looks);
  // Too few to learn from what a defect looks like: what departs furthest, and not for nothing, is the most suspicious.
  if (seen < FEWEST_SEEN) {
    return { ...unsupervisedHead(inputSize(task.stem), task.stem.channels.length), directions };
  }
  const injected = injectedInputs(task, directions, random.fork('injections'));
  const weights = await trainHead(assemble(task, directions, injected), random.fork('training'));
  return { ...weights, directions };
}

function inputSize({ channels, context }: StemParameters): number {
  return headInputSize(channels.length, shapeSize(context.length));
}

function injectedInputs(task: HeadTask, directions: Float32Array, random: Random): Float32Array[] {
  const { stem } = task;
  const shape = new ResidualShape(stem.channels.length, stem.context.length, stem.timescales);
  const size = headInputSize(stem.channels.length, shape.size);
  const rows: Float32Array[] = [];
  const healthy = new Map(
    task.samples.map((samples) => {
      const { sensorId } = samples.sensor;
      return [sensorId, healthyTimes(samples, stem, directions, task.looks.get(sensorId))];
    }),
  );
  const isHealthy = ({ sensorId, observedAt }: SensorResiduals, from: number, to: number) => {
    const ask = healthy.get(sensorId);
    if (ask === undefined || observedAt[to]! > task.until) return false;
    return ask(observedAt[from]!) && ask(observedAt[to]!);
  };
  const sensors = task.samples.map(({ sensor }) => sensor);
  const marks = new Float32Array(stem.channels.length * MARKS_PER_CHANNEL);
  injectDefects(sensors, { stem, shape, directions }, random, isHealthy, (embedding) => {
    const row = new Float32Array(size);
    writeMarks(embedding, stem.channels.length, marks);
    writeHeadInputs(embedding, marks, directions, row);
    rows.push(row);
  });
  return rows;
}

interface Example {
  /** Null for an artificial defect. */
  readonly samples: SensorSamples | null;
  /** Which of the samples, or of the artificial defects. */
  readonly at: number;
  readonly target: number;
  weight: number;
  readonly kind: number;
}

function assemble(task: HeadTask, directions: Float32Array, injected: readonly Float32Array[]): HeadExamples {
  const healthy: Example[] = [];
  const seen: Example[] = [];
  for (const samples of task.samples) {
    const looks = task.looks.get(samples.sensor.sensorId) ?? NO_LOOKS;
    const trust = new Float64Array(samples.times.length).fill(task.looks.size === 0 ? 1 : UNLABELLED_WEIGHT);
    for (const interval of looks.intervals) {
      const inside = indicesWithin(samples.times, interval);
      for (const at of inside) trust[at] = interval.confidence;
      if (interval.belief === 'healthy') continue;
      const kind = task.kinds.indexOf(interval.kind ?? '');
      for (const { at, probability } of shownInside(samples, task.stem, directions, interval)) {
        if (probability > 0.5) seen.push({ samples, at, target: probability, weight: 1, kind });
      }
    }
    for (const [at, doubt] of unreportedDefect(samples, task.stem, directions, looks).entries()) {
      const weight = trust[at]! * (1 - doubt);
      if (weight > 0) healthy.push({ samples, at, target: 0, weight, kind: -1 });
    }
  }
  const total = healthy.reduce((sum, { weight }) => sum + weight, 0);
  const artificial = injected.map((_, at): Example => ({
    samples: null,
    at,
    target: 1,
    weight: 1,
    kind: -1,
  }));
  shareWeight(artificial, INJECTED_SHARE * total, Infinity);
  shareWeight(seen, SEEN_SHARE * total, MOST_PER_SAMPLE);
  const examples = [...healthy, ...artificial, ...seen];
  // Brought to a mean of one, so that the penalties mean the same for any data.
  const mean = examples.reduce((sum, { weight }) => sum + weight, 0) / Math.max(1, examples.length);
  return {
    inputs: stackInputs(examples, inputSize(task.stem), directions, injected),
    targets: Float32Array.from(examples, ({ target }) => target),
    weights: Float32Array.from(examples, ({ weight }) => weight / mean),
    kinds: Int32Array.from(examples, ({ kind }) => kind),
    kindCount: task.kinds.length,
    healthy: healthy.length,
    weather: stackWeather(healthy, task.stem),
  };
}

function shareWeight(examples: readonly Example[], total: number, most: number): void {
  const each = Math.min(most, total / Math.max(1, examples.length));
  for (const example of examples) example.weight = each * example.target;
}

/** [examples, inputs], with the evidence as looks have taught to weigh it. */
function stackInputs(
  examples: readonly Example[],
  size: number,
  directions: Float32Array,
  injected: readonly Float32Array[],
): Float32Array {
  const inputs = new Float32Array(examples.length * size);
  for (const [row, { samples, at }] of examples.entries()) {
    inputs.set(samples === null ? injected[at]! : inputsAt(samples, at), row * size);
    if (samples !== null) inputs[(row + 1) * size - 1] = evidenceOf(marksAt(samples, at), directions);
  }
  return inputs;
}

/** [examples, columns], uncorrelated. @param examples of real samples, those of one sensor together */
function stackWeather(examples: readonly Example[], { context, timescales }: StemParameters): Float32Array {
  const size = weatherSize(context.length);
  const rows = new Float32Array(examples.length * size);
  let weather: Float32Array = new Float32Array(0);
  let of: SensorSamples | null = null;
  for (const [row, { samples, at }] of examples.entries()) {
    if (samples !== of) weather = weatherAt(samples!, timescales);
    of = samples;
    rows.set(weather.subarray(at * size, (at + 1) * size), row * size);
  }
  whiten(rows, size);
  return rows;
}
