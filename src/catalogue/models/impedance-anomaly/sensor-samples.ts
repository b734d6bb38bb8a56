/** One sensor's shape at regular times, as the head takes it. */
import { forEachShape, type SensorResiduals } from './collect-residuals.ts';
import { allDirections, headInputSize, MARKS_PER_CHANNEL, writeHeadInputs, writeMarks } from './head.ts';
import type { LookInterval } from './look-intervals.ts';
import { ResidualShape } from './residual-shape.ts';
import type { StemParameters } from './stem.ts';

export interface SensorSamples {
  readonly sensor: SensorResiduals;
  readonly times: Float64Array;
  /** [samples, inputs]; the evidence is the one before looks have taught anything */
  readonly inputs: Float32Array;
  /** [samples, channels × marks] */
  readonly marks: Float32Array;
}

/** Samples one sensor's shape once per second horizon. */
export function sampleShapes(sensor: SensorResiduals, stem: StemParameters): SensorSamples {
  const shape = new ResidualShape(stem.channels.length, stem.context.length, stem.timescales);
  const every = Math.max(1, Math.round(stem.timescales.horizonsHours[1] / stem.timescales.intervalHours));
  const size = headInputSize(stem.channels.length, shape.size);
  const everyDirection = allDirections(stem.channels.length);
  const times: number[] = [];
  const rows: Float32Array[] = [];
  const rowsOfMarks: Float32Array[] = [];
  forEachShape(sensor, stem, shape, { from: 0, to: sensor.observedAt.length }, every, (embedding, index) => {
    if (index < sensor.readyFrom) return;
    const row = new Float32Array(size);
    const marks = new Float32Array(stem.channels.length * MARKS_PER_CHANNEL);
    writeMarks(embedding, stem.channels.length, marks);
    writeHeadInputs(embedding, marks, everyDirection, row);
    rowsOfMarks.push(marks);
    times.push(sensor.observedAt[index]!);
    rows.push(row);
  });
  return {
    sensor,
    times: Float64Array.from(times),
    inputs: concatenate(rows),
    marks: concatenate(rowsOfMarks),
  };
}

function concatenate(rows: readonly Float32Array[]): Float32Array {
  const size = rows[0]?.length ?? 0;
  const all = new Float32Array(rows.length * size);
  for (const [at, row] of rows.entries()) all.set(row, at * size);
  return all;
}

export function inputsAt({ inputs, times }: SensorSamples, at: number): Float32Array {
  const size = inputs.length / times.length;
  return inputs.subarray(at * size, (at + 1) * size);
}

export function marksAt({ marks, times }: SensorSamples, at: number): Float32Array {
  const size = marks.length / times.length;
  return marks.subarray(at * size, (at + 1) * size);
}

export function indicesWithin(times: Float64Array, { from, until }: LookInterval): number[] {
  const inside: number[] = [];
  for (const [at, time] of times.entries()) if (time > from && time <= until) inside.push(at);
  return inside;
}

export function samplesUntil(samples: SensorSamples, cut: number): SensorSamples {
  const count = samples.times.filter((time) => time <= cut).length;
  const take = (rows: Float32Array) =>
    rows.subarray(0, count * (rows.length / Math.max(1, samples.times.length)));
  return {
    sensor: samples.sensor,
    times: samples.times.subarray(0, count),
    inputs: take(samples.inputs),
    marks: take(samples.marks),
  };
}
