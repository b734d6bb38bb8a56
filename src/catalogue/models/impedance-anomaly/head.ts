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

/** The network, and how much a channel's departure counts as evidence: below and above what is expected, [channels, 2]. */
export interface FittedHead extends HeadWeights {
  readonly directions: Float32Array;
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

/** How far a channel is out: its means below and above what is expected, and a spread that has grown. */
export const MARKS_PER_CHANNEL = 3;

export function writeMarks(embedding: ArrayLike<number>, channels: number, marks: Float32Array): void {
  const size = embedding.length / channels;
  for (let channel = 0; channel < channels; channel++) {
    let [below, above] = [0, 0];
    for (let i = channel * size; i < channel * size + HORIZONS; i++) {
      below = Math.max(below, -embedding[i]!);
      above = Math.max(above, embedding[i]!);
    }
    const grown = Math.max(0, embedding[channel * size + SPREAD]!);
    marks.set([below, above, grown], channel * MARKS_PER_CHANNEL);
  }
}

/**
 * The evidence: over all channels the root of the squares of the mean that is furthest out, and of a spread that has
 * grown, as far as looks have not taught that it means little.
 */
export function evidenceOf(marks: Float32Array, directions: Float32Array): number {
  const channels = directions.length / 2;
  let squares = 0;
  for (let channel = 0; channel < channels; channel++) {
    const at = channel * MARKS_PER_CHANNEL;
    const [forBelow, forAbove] = [directions[2 * channel]!, directions[2 * channel + 1]!];
    const furthest = Math.max(forBelow * marks[at]!, forAbove * marks[at + 1]!);
    const grown = Math.max(forBelow, forAbove) * marks[at + 2]!;
    squares += furthest ** 2 + grown ** 2;
  }
  const usual = USUAL_EVIDENCE + USUAL_PER_ROOT_CHANNEL * (Math.sqrt(channels) - 1);
  return (ever(Math.sqrt(squares), CLEAR_EVIDENCE) - usual) / EVIDENCE_UNIT;
}

/** Compresses the embedding, so that one far deviation does not drown the rest, and adds the evidence. */
export function writeHeadInputs(
  embedding: ArrayLike<number>,
  marks: Float32Array,
  directions: Float32Array,
  out: Float32Array | Float64Array,
): void {
  for (let i = 0; i < embedding.length; i++) {
    const value = embedding[i]!;
    out[i] = value / Math.sqrt(1 + Math.abs(value) / 4);
  }
  out[embedding.length] = evidenceOf(marks, directions);
}

/** Beyond the bound as the logarithm grows: what is further out stays so. */
function ever(value: number, bound: number): number {
  return value <= bound ? value : bound * (1 + Math.log(value / bound));
}

/** Any departure is evidence, as long as nobody has said what a defect looks like. */
export function allDirections(channels: number): Float32Array {
  return new Float32Array(2 * channels).fill(1);
}

/** The head before anything is learned. */
export function unsupervisedHead(inputs: number, channels: number): FittedHead {
  const skipKernel = new Float32Array(inputs);
  skipKernel[inputs - 1] = UNSUPERVISED_LOGIT;
  return {
    hiddenKernel: new Float32Array(inputs),
    hiddenBias: new Float32Array(1),
    outputKernel: new Float32Array(1),
    skipKernel,
    outputBias: new Float32Array(1),
    directions: allDirections(channels),
  };
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
