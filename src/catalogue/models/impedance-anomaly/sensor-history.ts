/** What a head says of a sensor's whole past, reading by reading. */
import { forEachShape } from './collect-residuals.ts';
import type { SensorHistory } from './evaluate-labels.ts';
import { Head, MARKS_PER_CHANNEL, writeHeadInputs, writeMarks, type FittedHead } from './head.ts';
import { ResidualShape } from './residual-shape.ts';
import type { SensorSamples } from './sensor-samples.ts';
import { healthyTimes, type SensorLooks } from './shown-defects.ts';
import type { StemParameters } from './stem.ts';
import { longestStepHours } from './timescales.ts';

export function historyOf(
  samples: SensorSamples,
  stem: StemParameters,
  weights: FittedHead,
  looks: SensorLooks | undefined,
): SensorHistory {
  const { sensor } = samples;
  const head = new Head(weights);
  const shape = new ResidualShape(stem.channels.length, stem.context.length, stem.timescales);
  const inputs = new Float32Array(head.inputs);
  const marks = new Float32Array(stem.channels.length * MARKS_PER_CHANNEL);
  const outputs = new Float64Array(head.outputs);
  const logits = new Float32Array(sensor.observedAt.length).fill(NaN);
  forEachShape(sensor, stem, shape, { from: 0, to: logits.length }, 1, (embedding, index) => {
    if (index < sensor.readyFrom) return;
    writeMarks(embedding, stem.channels.length, marks);
    writeHeadInputs(embedding, marks, weights.directions, inputs);
    head.forward(inputs, outputs);
    logits[index] = outputs[0]!;
  });
  return {
    observedAt: sensor.observedAt,
    longestStepHours: longestStepHours(stem.timescales),
    logits,
    looks: looks?.looks ?? [],
    isHealthy: healthyTimes(samples, stem, weights.directions, looks),
  };
}
