/** The task: a small network that turns a sensor's shape into logits, in plain typed arrays (exits `logits`, `probabilities`). */
import { HORIZONS } from './residual-shape.ts';

/** Row-major; outputs are [defect, kind 1, kind 2, ...]. */
export interface HeadWeights {
  /** [inputs, hidden] */
  readonly hiddenKernel: Float32Array;
  /** [hidden] */
  readonly hiddenBias: Float32Array;
  /** [hidden, outputs] */
  readonly outputKernel: Float32Array;
  /** [inputs, outputs]: a straight way past the hidden layer */
  readonly skipKernel: Float32Array;
  /** [outputs] */
  readonly outputBias: Float32Array;
}

/** The shape's features, then the unsupervised evidence. */
export function headInputSize(channels: number, featuresPerChannel: number): number {
  return channels * featuresPerChannel + 1;
}

/** Deviations beyond this many add nothing: the case is clear. */
const CLEAR_EVIDENCE = 20;
/** A healthy sensor's furthest mean seldom lies this far out. */
const USUAL_EVIDENCE = 5;
/** Brings the evidence to the scale of the other inputs; see `UNSUPERVISED_LOGIT`. */
const EVIDENCE_UNIT = 4;
/** Logit per unit of evidence before anything is learned: one a standard deviation. Labels correct it. */
export const UNSUPERVISED_LOGIT = EVIDENCE_UNIT;

/** Compresses the embedding, so that one far deviation does not drown the rest, and adds how far the furthest mean is out. */
export function writeHeadInputs(
  embedding: ArrayLike<number>,
  channels: number,
  out: Float32Array | Float64Array,
): void {
  const size = embedding.length / channels;
  let furthest = 0;
  for (let i = 0; i < embedding.length; i++) {
    const value = embedding[i]!;
    const magnitude = Math.abs(value);
    out[i] = value / Math.sqrt(1 + magnitude / 4);
    if (i % size < HORIZONS && magnitude > furthest) furthest = magnitude;
  }
  out[embedding.length] = (Math.min(furthest, CLEAR_EVIDENCE) - USUAL_EVIDENCE) / EVIDENCE_UNIT;
}

/** The logit before anything is learned. */
export function unsupervisedLogit(inputs: ArrayLike<number>): number {
  return UNSUPERVISED_LOGIT * inputs[inputs.length - 1]!;
}

export class Head {
  readonly inputs: number;
  readonly outputs: number;
  private readonly hidden: Float64Array;

  constructor(private readonly weights: HeadWeights) {
    this.outputs = weights.outputBias.length;
    this.hidden = new Float64Array(weights.hiddenBias.length);
    this.inputs = weights.hiddenKernel.length / this.hidden.length;
  }

  /** @param inputs of `writeHeadInputs`; @param logits receives one an output */
  forward(inputs: ArrayLike<number>, logits: Float64Array): void {
    const { hiddenKernel, hiddenBias, outputKernel, skipKernel, outputBias } = this.weights;
    const units = this.hidden.length;
    for (let unit = 0; unit < units; unit++) this.hidden[unit] = hiddenBias[unit]!;
    for (let output = 0; output < this.outputs; output++) logits[output] = outputBias[output]!;
    for (let input = 0; input < this.inputs; input++) {
      const value = inputs[input]!;
      for (let unit = 0; unit < units; unit++) {
        this.hidden[unit] = this.hidden[unit]! + value * hiddenKernel[input * units + unit]!;
      }
      for (let output = 0; output < this.outputs; output++) {
        logits[output] = logits[output]! + value * skipKernel[input * this.outputs + output]!;
      }
    }
    for (let unit = 0; unit < units; unit++) {
      const value = Math.max(0, this.hidden[unit]!);
      for (let output = 0; output < this.outputs; output++) {
        logits[output] = logits[output]! + value * outputKernel[unit * this.outputs + output]!;
      }
    }
  }
}
