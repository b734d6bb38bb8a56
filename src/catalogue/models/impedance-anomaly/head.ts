/** The task: a small network that turns a sensor's shape into logits, in plain typed arrays (exits `logits`, `probabilities`). */
import { HORIZONS, SPREAD } from './residual-shape.ts';

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

/** Evidence beyond this adds ever less: the case is clear. */
const CLEAR_EVIDENCE = 20;
/** A healthy sensor of one channel seldom has more; each further channel adds its share to the sum of squares. */
const [USUAL_EVIDENCE, USUAL_PER_ROOT_CHANNEL] = [5, 2];
/** Brings the evidence to the scale of the other inputs; see `UNSUPERVISED_LOGIT`. */
const EVIDENCE_UNIT = 4;
/** Logit per unit of evidence before anything is learned: one a standard deviation. Labels correct it. */
export const UNSUPERVISED_LOGIT = EVIDENCE_UNIT;

/**
 * Compresses the embedding, so that one far deviation does not drown the rest, and adds the unsupervised evidence: over
 * all channels the root of the squares of the mean that is furthest out, and of a spread that has grown.
 */
export function writeHeadInputs(
  embedding: ArrayLike<number>,
  channels: number,
  out: Float32Array | Float64Array,
): void {
  const size = embedding.length / channels;
  let squares = 0;
  for (let channel = 0; channel < channels; channel++) {
    let furthest = 0;
    for (let i = channel * size; i < (channel + 1) * size; i++) {
      const value = embedding[i]!;
      const magnitude = Math.abs(value);
      out[i] = value / Math.sqrt(1 + magnitude / 4);
      if (i - channel * size < HORIZONS && magnitude > furthest) furthest = magnitude;
    }
    squares += furthest ** 2 + Math.max(0, embedding[channel * size + SPREAD]!) ** 2;
  }
  const usual = USUAL_EVIDENCE + USUAL_PER_ROOT_CHANNEL * (Math.sqrt(channels) - 1);
  out[embedding.length] = (ever(Math.sqrt(squares), CLEAR_EVIDENCE) - usual) / EVIDENCE_UNIT;
}

/** Beyond the bound as the logarithm grows: what is further out stays so. */
function ever(value: number, bound: number): number {
  return value <= bound ? value : bound * (1 + Math.log(value / bound));
}

/** The head before anything is learned. */
export function unsupervisedHead(inputs: number): HeadWeights {
  const skipKernel = new Float32Array(inputs);
  skipKernel[inputs - 1] = UNSUPERVISED_LOGIT;
  return {
    hiddenKernel: new Float32Array(inputs),
    hiddenBias: new Float32Array(1),
    outputKernel: new Float32Array(1),
    skipKernel,
    outputBias: new Float32Array(1),
  };
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
