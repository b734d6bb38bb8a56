/**
 * The shared network: what the context makes of every channel of a healthy sensor, mean and spread, in plain typed
 * arrays. What sensors have of their own comes on top (`context-regression.ts`).
 */

/** Row-major; outputs are [mean of each channel, logarithm of its deviation]. */
export interface ContextNetworkWeights {
  /** [inputs, hidden] */
  readonly firstKernel: Float32Array;
  /** [hidden] */
  readonly firstBias: Float32Array;
  /** [hidden, hidden] */
  readonly secondKernel: Float32Array;
  /** [hidden] */
  readonly secondBias: Float32Array;
  /** [hidden, outputs] */
  readonly outputKernel: Float32Array;
  /** [inputs, outputs]: a straight way past the hidden layers */
  readonly skipKernel: Float32Array;
  /** [outputs] */
  readonly outputBias: Float32Array;
}

export class ContextNetwork {
  /** Of the last `forward`, [2 × channels]. */
  readonly outputs: Float64Array;
  private readonly inputSize: number;
  private readonly hidden: number;
  private readonly first: Float64Array;
  private readonly second: Float64Array;

  constructor(private readonly weights: ContextNetworkWeights) {
    this.hidden = weights.firstBias.length;
    this.outputs = new Float64Array(weights.outputBias.length);
    this.inputSize = weights.skipKernel.length / this.outputs.length;
    this.first = new Float64Array(this.hidden);
    this.second = new Float64Array(this.hidden);
  }

  /** @param inputs of `ContextFeatures`, [inputs] */
  forward(inputs: Float64Array): void {
    const { firstKernel, firstBias, secondKernel, secondBias, outputKernel, skipKernel, outputBias } =
      this.weights;
    multiplyAdd(inputs, this.inputSize, firstKernel, firstBias, this.first);
    softsign(this.first);
    multiplyAdd(this.first, this.hidden, secondKernel, secondBias, this.second);
    softsign(this.second);
    multiplyAdd(this.second, this.hidden, outputKernel, outputBias, this.outputs);
    const size = this.outputs.length;
    for (let input = 0; input < this.inputSize; input++) {
      const value = inputs[input]!;
      for (let i = 0; i < size; i++)
        this.outputs[i] = this.outputs[i]! + value * skipKernel[input * size + i]!;
    }
  }
}

function multiplyAdd(
  inputs: Float64Array,
  count: number,
  kernel: Float32Array,
  bias: Float32Array,
  out: Float64Array,
): void {
  const size = out.length;
  for (let i = 0; i < size; i++) out[i] = bias[i]!;
  for (let input = 0; input < count; input++) {
    const value = inputs[input]!;
    const row = input * size;
    for (let i = 0; i < size; i++) out[i] = out[i]! + value * kernel[row + i]!;
  }
}

/** x / (1 + |x|): saturates as tanh does, at a tenth of its cost. */
function softsign(values: Float64Array): void {
  for (let i = 0; i < values.length; i++) values[i] = values[i]! / (1 + Math.abs(values[i]!));
}
