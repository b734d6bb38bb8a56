/** Brings together what teaches the head: clean looks, defects with unknown onset, artificial defects. */
import type { Random } from '../../../core/statistics/random.ts';
import { forEachShape, type SensorResiduals } from './collect-residuals.ts';
import {
  headInputSize,
  unsupervisedHead,
  unsupervisedLogit,
  writeHeadInputs,
  type HeadWeights,
} from './head.ts';
import { injectDefects } from './injected-defects.ts';
import { intervalsFromLooks, isTrusted, type Look, type LookInterval } from './look-intervals.ts';
import { onsetPosterior } from './onset-posterior.ts';
import { ResidualShape, shapeSize } from './residual-shape.ts';
import type { StemParameters } from './stem.ts';
import { trainHead, type HeadExamples } from './train-head.ts';

/** Samples nearer than this many of the model's third horizon repeat each other. */
const INDEPENDENT_HORIZON = 2;
/** Prior probability that telemetry does not show a defect that a drone sees. */
const HIDDEN = 0.5;
/** Looks overlook at least this share of the defects that are there. */
const OVERLOOKED = 0.05;
/** What a time without looks, but without suspicion, weighs against one with a clean look. */
const UNLABELLED_WEIGHT = 0.2;
/** All artificial defects together, and all seen ones, against all healthy samples. */
const [INJECTED_SHARE, SEEN_SHARE] = [0.5, 0.5];
/** One sample of a seen defect weighs at most as much as this many healthy ones. */
const MOST_PER_SAMPLE = 20;

/** The embeddings of one sensor at regular times, as the head takes them. */
export interface SensorSamples {
  readonly sensor: SensorResiduals;
  readonly times: Float64Array;
  /** [samples, inputs] */
  readonly inputs: Float32Array;
}

export interface SensorLooks {
  readonly looks: readonly Look[];
  readonly intervals: readonly LookInterval[];
}

const NO_LOOKS: SensorLooks = { looks: [], intervals: [] };

/** Looks by sensor, up to and including `until`, in time order. */
export function groupLooks(looks: readonly Look[], until: number): Map<string, SensorLooks> {
  const bySensor = new Map<string, Look[]>();
  for (const look of looks) {
    if (look.inspectedAt > until) continue;
    const own = bySensor.get(look.sensorId);
    if (own) own.push(look);
    else bySensor.set(look.sensorId, [look]);
  }
  const grouped = new Map<string, SensorLooks>();
  for (const [sensorId, own] of bySensor) {
    own.sort((left, right) => left.inspectedAt - right.inspectedAt);
    grouped.set(sensorId, { looks: own, intervals: intervalsFromLooks(own) });
  }
  return grouped;
}

/**
 * How likely it is, at each sample, that telemetry shows a defect which no look has reported: overlooked by a
 * clean look, or begun where no look speaks at all. 1 where a look speaks against health.
 */
export function unreportedDefect(
  samples: SensorSamples,
  stem: StemParameters,
  looks: SensorLooks = NO_LOOKS,
): Float64Array {
  const { times } = samples;
  const doubt = new Float64Array(times.length).fill(1);
  const healthy = looks.intervals.filter(({ belief }) => belief === 'healthy');
  const stretches = healthy.map((interval) => ({
    inside: indicesWithin(times, interval),
    sure: interval.confidence,
  }));
  const covered = new Set(looks.intervals.flatMap((interval) => indicesWithin(times, interval)));
  const rest = [...times.keys()].filter(
    (at) => !covered.has(at) && isTrusted(looks.looks, looks.intervals, times[at]!),
  );
  for (const { inside, sure } of [...stretches, { inside: rest, sure: 1 }]) {
    const overlooked = Math.max(OVERLOOKED, 1 - sure) * (1 - HIDDEN);
    const shown = shownBy(
      stem,
      inside.map((at) => inputsAt(samples, at)),
      1 - overlooked,
      inside.length,
    );
    for (const [i, at] of inside.entries()) doubt[at] = shown[i]!;
  }
  return doubt;
}

/** Whether a time may be taken for healthy: neither a look nor clear telemetry speaks against it. */
export function healthyTimes(
  samples: SensorSamples,
  stem: StemParameters,
  looks: SensorLooks | undefined,
): (time: number) => boolean {
  const doubt = unreportedDefect(samples, stem, looks);
  let at = 0;
  return (time) => {
    // Asked mostly in time order: go on from the last answer.
    if (at > 0 && samples.times[at]! > time) at = 0;
    while (at + 1 < samples.times.length && samples.times[at + 1]! <= time) at++;
    return (doubt[at] ?? 0) < 0.5;
  };
}

/** Samples one sensor's shape once per second horizon. */
export function sampleShapes(sensor: SensorResiduals, stem: StemParameters): SensorSamples {
  const shape = new ResidualShape(stem.channels.length, stem.context.length, stem.timescales);
  const every = Math.max(1, Math.round(stem.timescales.horizonsHours[1] / stem.timescales.intervalHours));
  const size = headInputSize(stem.channels.length, shape.size);
  const times: number[] = [];
  const rows: Float32Array[] = [];
  forEachShape(sensor, stem, shape, { from: 0, to: sensor.observedAt.length }, every, (embedding, index) => {
    if (index < sensor.readyFrom) return;
    const row = new Float32Array(size);
    writeHeadInputs(embedding, stem.channels.length, row);
    times.push(sensor.observedAt[index]!);
    rows.push(row);
  });
  const inputs = new Float32Array(rows.length * size);
  for (const [at, row] of rows.entries()) inputs.set(row, at * size);
  return { sensor, times: Float64Array.from(times), inputs };
}

export interface HeadTask {
  readonly stem: StemParameters;
  readonly samples: readonly SensorSamples[];
  readonly looks: ReadonlyMap<string, SensorLooks>;
  readonly kinds: readonly string[];
  /** Telemetry after this time is not used. */
  readonly until: number;
}

/** How much telemetry shows of each look is judged by the unsupervised evidence, so that no label proves itself. */
export async function fitHead(task: HeadTask, random: Random): Promise<HeadWeights> {
  // Nobody has said what a defect looks like: what departs furthest is the most suspicious.
  if (task.looks.size === 0) return unsupervisedHead(inputSize(task.stem));
  const injected = injectedInputs(task, random.fork('injections'));
  return trainHead(assemble(task, injected), random.fork('training'));
}

function inputSize({ channels, context }: StemParameters): number {
  return headInputSize(channels.length, shapeSize(context.length));
}

function injectedInputs(task: HeadTask, random: Random): Float32Array[] {
  const { stem } = task;
  const shape = new ResidualShape(stem.channels.length, stem.context.length, stem.timescales);
  const size = headInputSize(stem.channels.length, shape.size);
  const rows: Float32Array[] = [];
  const healthy = new Map(
    task.samples.map((samples) => {
      const { sensorId } = samples.sensor;
      return [sensorId, healthyTimes(samples, stem, task.looks.get(sensorId))];
    }),
  );
  const isHealthy = ({ sensorId, observedAt }: SensorResiduals, from: number, to: number) => {
    const ask = healthy.get(sensorId);
    if (ask === undefined || observedAt[to]! > task.until) return false;
    return ask(observedAt[from]!) && ask(observedAt[to]!);
  };
  const sensors = task.samples.map(({ sensor }) => sensor);
  injectDefects(sensors, stem, shape, random, isHealthy, (embedding) => {
    const row = new Float32Array(size);
    writeHeadInputs(embedding, stem.channels.length, row);
    rows.push(row);
  });
  return rows;
}

interface Example {
  readonly inputs: Float32Array;
  readonly target: number;
  weight: number;
  readonly kind: number;
}

function assemble(task: HeadTask, injected: readonly Float32Array[]): HeadExamples {
  const healthy: Example[] = [];
  const seen: Example[] = [];
  for (const samples of task.samples) {
    const looks = task.looks.get(samples.sensor.sensorId) ?? NO_LOOKS;
    const row = (at: number) => inputsAt(samples, at);
    const trust = new Float64Array(samples.times.length).fill(task.looks.size === 0 ? 1 : UNLABELLED_WEIGHT);
    for (const interval of looks.intervals) {
      const inside = indicesWithin(samples.times, interval);
      for (const at of inside) trust[at] = interval.confidence;
      if (interval.belief === 'healthy') continue;
      const onsets = interval.belief === 'defective' ? 1 : inside.length;
      const targets = shownBy(task.stem, inside.map(row), 1 - interval.confidence * (1 - HIDDEN), onsets);
      const kind = task.kinds.indexOf(interval.kind ?? '');
      for (const [i, at] of inside.entries()) {
        const target = targets[i]!;
        if (target > 0.5) seen.push({ inputs: row(at), target, weight: 1, kind });
      }
    }
    for (const [at, doubt] of unreportedDefect(samples, task.stem, looks).entries()) {
      const weight = trust[at]! * (1 - doubt);
      if (weight > 0) healthy.push({ inputs: row(at), target: 0, weight, kind: -1 });
    }
  }
  const total = healthy.reduce((sum, { weight }) => sum + weight, 0);
  const artificial = injected.map((inputs): Example => ({ inputs, target: 1, weight: 1, kind: -1 }));
  shareWeight(artificial, INJECTED_SHARE * total, Infinity);
  shareWeight(seen, SEEN_SHARE * total, MOST_PER_SAMPLE);
  return stack([...healthy, ...artificial, ...seen], task.kinds.length);
}

function inputsAt({ inputs, times }: SensorSamples, at: number): Float32Array {
  const size = inputs.length / times.length;
  return inputs.subarray(at * size, (at + 1) * size);
}

/** How likely it is, at each sample, that telemetry shows a defect by then. */
function shownBy(
  stem: StemParameters,
  rows: readonly Float32Array[],
  hidden: number,
  onsets: number,
): Float64Array {
  const [, spacing, independent] = stem.timescales.horizonsHours;
  const temper = Math.min(1, spacing / (INDEPENDENT_HORIZON * independent));
  return onsetPosterior(rows.map(unsupervisedLogit), temper, hidden, onsets);
}

function indicesWithin(times: Float64Array, { from, until }: LookInterval): number[] {
  const inside: number[] = [];
  for (const [at, time] of times.entries()) if (time > from && time <= until) inside.push(at);
  return inside;
}

function shareWeight(examples: readonly Example[], total: number, most: number): void {
  const each = Math.min(most, total / Math.max(1, examples.length));
  for (const example of examples) example.weight = each * example.target;
}

/** Weights are brought to a mean of one, so that the penalty on the kernels means the same for any data. */
function stack(examples: readonly Example[], kindCount: number): HeadExamples {
  const size = examples[0]?.inputs.length ?? 0;
  const inputs = new Float32Array(examples.length * size);
  for (const [at, example] of examples.entries()) inputs.set(example.inputs, at * size);
  const mean = examples.reduce((sum, { weight }) => sum + weight, 0) / Math.max(1, examples.length);
  return {
    inputs,
    targets: Float32Array.from(examples, ({ target }) => target),
    weights: Float32Array.from(examples, ({ weight }) => weight / mean),
    kinds: Int32Array.from(examples, ({ kind }) => kind),
    kindCount,
  };
}
