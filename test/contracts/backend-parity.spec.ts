/** Every backend that may serve or train gives what plain JavaScript gives, forward and backward. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  hardSigmoid,
  hardSwish,
  learningRelu,
} from '../../src/catalogue/models/coco-backbone/activations.ts';
import { cropFeatures } from '../../src/catalogue/models/defect-detector/crop-features.ts';
import { prepareCompute, type BackendName } from '../../src/platform/compute/choose-backend.ts';
import { findNativeBinding } from '../../src/platform/compute/load-native.ts';

interface OpCase {
  readonly name: string;
  /** Terms in the longest sum behind one output number; 1 where numbers are only moved or compared. */
  readonly terms: number;
  /** Largest factor, term or result on the way; 1 where nothing is larger. */
  readonly size?: number;
  readonly run: () => tf.Tensor;
  /** Backends that, as shipped, lack a kernel of this case or compute it wrongly. */
  readonly unfit?: readonly BackendName[];
}

/** The same numbers on every backend: they are drawn in JavaScript, uniform in -1..1. */
function random(shape: number[], seed: number): tf.Tensor {
  return tf.randomUniform(shape, -1, 1, 'float32', seed);
}

const image = () => random([2, 9, 8, 6], 1) as tf.Tensor4D; // [batch, height, width, channels]
const filter = () => random([3, 3, 6, 5], 2) as tf.Tensor4D; // [height, width, in, out]
const depthFilter = () => random([3, 3, 6, 2], 3) as tf.Tensor4D; // [height, width, in, multiplier]
const rows = () => random([7, 11], 4) as tf.Tensor2D;
const weights = () => random([11, 4], 5) as tf.Tensor2D;
const pointFilter = () => random([1, 1, 6, 5], 20) as tf.Tensor4D;
const narrowDepthFilter = () => random([3, 3, 6, 1], 19) as tf.Tensor4D;
const wideDepthFilter = () => random([5, 5, 6, 1], 21) as tf.Tensor4D;
const bias = (channels: number) => random([channels], 22) as tf.Tensor1D;
const channelWeights = () => random([2, 1, 1, 6], 23); // [batch, 1, 1, channels]
const left = () => random([2, 7, 5], 24) as tf.Tensor3D;
const right = () => random([2, 5, 4], 25) as tf.Tensor3D;
/** Above 0.1, where logarithm and root are not yet steep. */
const positive = () => rows().abs().mul(0.9).add(0.1);
/** Multiples of 1/8, whose sums of products are exact in any format: no backend sees another sign than cpu. */
const inEighths = (x: tf.Tensor) => x.mul(8).round().div<tf.Tensor4D>(8);
/** Left, top, right, bottom, px at 8 px a cell; smaller and larger than the crop, one beyond the border. */
const boxes = () =>
  tf.tensor3d(
    [
      [4, 5, 20, 30, 0, 0, 64, 72, 30, 40, 90, 60],
      [33, 8, 41, 17, -10, 3, 12, 66, 16, 16, 48, 48],
    ].map((numbers) => [0, 4, 8].map((at) => numbers.slice(at, at + 4))),
  ); // [batch, 3, 4]
const crops = (x: tf.Tensor) => cropFeatures(x as tf.Tensor4D, boxes(), 8, 4);

type Activation = 'relu' | 'linear';
const fusedConvolution = (filter: tf.Tensor4D, strides: number, activation: Activation) => (x: tf.Tensor) =>
  tf.fused.conv2d({ x: x as tf.Tensor4D, filter, strides, pad: 'same', bias: bias(5), activation });
const fusedDepthwise = (filter: tf.Tensor4D, strides: number, offset: tf.Tensor) => (x: tf.Tensor) =>
  tf.fused.depthwiseConv2d({
    x: x as tf.Tensor4D,
    filter,
    strides,
    pad: 'same',
    bias: offset,
    activation: 'relu',
  });
const upsample = (x: tf.Tensor) => tf.image.resizeBilinear(x as tf.Tensor4D, [16, 16], false, false);
/** Plain JavaScript's gradient of resizing takes height for width. */
const squareImage = () => random([2, 8, 8, 6], 18);

/** Run and differentiated: what makes one number of one number, or moves numbers. */
const elementwise: { name: string; size?: number; f: (x: tf.Tensor) => tf.Tensor; at: () => tf.Tensor }[] = [
  { name: 'relu6', size: 8, f: (x) => tf.relu6(x), at: () => rows().mul(8) },
  { name: 'hard sigmoid', size: 8, f: (x) => hardSigmoid(x as tf.Tensor4D), at: () => image().mul(4) },
  { name: 'hard swish', size: 8, f: (x) => hardSwish(x as tf.Tensor4D), at: () => image().mul(4) },
  { name: 'relu that learns', f: (x) => learningRelu(x as tf.Tensor4D), at: image },
  { name: 'exp', size: 3, f: (x) => tf.exp(x), at: rows },
  { name: 'log', size: 10, f: (x) => tf.log(x), at: positive }, // its slope at 0.1
  { name: 'log1p', size: 2, f: (x) => tf.log1p(x), at: () => rows().mul(0.5) },
  { name: 'clipByValue', f: (x) => tf.clipByValue(x, -0.5, 0.25), at: rows },
  { name: 'abs', f: (x) => tf.abs(x), at: rows },
  { name: 'sqrt', size: 2, f: (x) => tf.sqrt(x), at: positive },
  { name: 'square', size: 2, f: (x) => tf.square(x), at: rows },
  { name: 'pow', size: 4, f: (x) => tf.pow(x, 4), at: positive },
  { name: 'div', size: 100, f: (x) => tf.div(rows(), x), at: positive }, // its slope at 0.1
  { name: 'minimum', f: (x) => tf.minimum(x, rows().reverse()), at: rows },
  { name: 'maximum', f: (x) => tf.maximum(x, rows().reverse()), at: rows },
  { name: 'greaterEqual and cast', f: (x) => x.mul(x.greaterEqual(0.2).cast('float32')), at: rows },
  { name: 'split', f: (x) => tf.split(x, [1, 2, 3], 3)[1]!, at: image },
  { name: 'transpose', f: (x) => tf.transpose(x, [0, 2, 1, 3]), at: image },
  { name: 'expandDims, tile', size: 3, f: (x) => tf.tile(x.expandDims(1), [1, 3, 1]), at: rows },
  { name: 'stack', size: 2, f: (x) => tf.stack([x, x.neg()], 1), at: rows },
  { name: 'broadcast multiply, the maps', f: (x) => x.mul(channelWeights()), at: image },
];

const forward: OpCase[] = [
  { name: 'conv2d, stride 1, same', terms: 54, run: () => tf.conv2d(image(), filter(), 1, 'same') },
  { name: 'conv2d, stride 2, same', terms: 54, run: () => tf.conv2d(image(), filter(), 2, 'same') },
  { name: 'conv2d, stride 2, valid', terms: 54, run: () => tf.conv2d(image(), filter(), 2, 'valid') },
  { name: 'depthwiseConv2d', terms: 9, run: () => tf.depthwiseConv2d(image(), depthFilter(), 1, 'same') },
  { name: 'matMul', terms: 11, run: () => tf.matMul(rows(), weights()) },
  { name: 'relu', terms: 1, run: () => tf.relu(rows()) },
  { name: 'sigmoid', terms: 1, run: () => tf.sigmoid(rows().mul(8)) },
  { name: 'softmax', terms: 11, run: () => tf.softmax(rows().mul(8)) },
  { name: 'resizeBilinear', terms: 4, run: () => tf.image.resizeBilinear(image(), [17, 13]) },
  {
    name: 'resizeNearestNeighbor (upsampling)',
    terms: 1,
    run: () => tf.image.resizeNearestNeighbor(image(), [18, 16]),
  },
  { name: 'maxPool', terms: 1, run: () => tf.maxPool(image(), 3, 2, 'same') },
  { name: 'concat', terms: 1, run: () => tf.concat([image(), image().neg()], 3) },
  { name: 'slice', terms: 1, run: () => tf.slice(image(), [1, 2, 3, 0], [1, 4, 5, 6]) },
  { name: 'gather', terms: 1, run: () => tf.gather(rows(), tf.tensor1d([6, 0, 0, 3], 'int32')) },
  { name: 'topk', terms: 1, run: () => tf.topk(rows(), 3).values },
  ...[1, 2].flatMap((stride): OpCase[] => [
    {
      name: `fused.conv2d 1x1 with bias and relu, stride ${stride}`,
      terms: 7, // the bias is one
      run: () => fusedConvolution(pointFilter(), stride, 'relu')(image()),
    },
    {
      name: `fused.conv2d 3x3 with bias and relu, stride ${stride}`,
      terms: 55,
      run: () => fusedConvolution(filter(), stride, 'relu')(image()),
    },
    {
      name: `fused.conv2d 3x3 with bias, stride ${stride}`,
      terms: 55,
      run: () => fusedConvolution(filter(), stride, 'linear')(image()),
    },
    {
      name: `fused.depthwiseConv2d 3x3 with bias and relu, stride ${stride}`,
      terms: 10,
      run: () => fusedDepthwise(narrowDepthFilter(), stride, bias(6))(image()),
    },
    {
      name: `fused.depthwiseConv2d 5x5 with bias and relu, stride ${stride}`,
      terms: 26,
      run: () => fusedDepthwise(wideDepthFilter(), stride, bias(6))(image()),
    },
    {
      name: `depthwiseConv2d 5x5, stride ${stride}`,
      terms: 25,
      run: () => tf.depthwiseConv2d(image(), wideDepthFilter(), stride, 'same'),
    },
  ]),
  { name: 'mean over height and width', terms: 72, run: () => tf.mean(image(), [1, 2], true) },
  { name: 'resizeBilinear (twice as large)', terms: 4, run: () => upsample(squareImage()) },
  { name: 'logSoftmax', terms: 11, size: 8, run: () => tf.logSoftmax(rows().mul(4)) },
  { name: 'addN', terms: 3, run: () => tf.addN([rows(), rows().neg().mul(0.5), rows().reverse()]) },
  { name: 'batched matMul', terms: 5, run: () => tf.matMul(left(), right()) },
  // Two sums, over 9 rows and over 8 columns, of weights that add up to 1.
  { name: 'cropFeatures', terms: 17, run: () => crops(image()) },
  ...elementwise.map(({ name, size = 1, f, at }) => ({ name, size, terms: 1, run: () => f(at()) })),
];

/** Gradient of the weighted sum of what `f` gives, so that each output number counts differently. */
function gradient(f: (x: tf.Tensor) => tf.Tensor, at: tf.Tensor, seed: number): tf.Tensor {
  return tf.grad((x) => {
    const y = f(x);
    return y.mul(random(y.shape, seed)).sum();
  })(at);
}

const backward: OpCase[] = [
  {
    name: 'matMul, by weights',
    terms: 7,
    run: () => gradient((w) => tf.matMul(rows(), w), weights(), 6),
  },
  { name: 'relu', terms: 1, run: () => gradient((x) => tf.relu(x), rows(), 7) },
  { name: 'sigmoid', terms: 1, run: () => gradient((x) => tf.sigmoid(x), rows(), 8) },
  { name: 'softmax', terms: 11, run: () => gradient((x) => tf.softmax(x as tf.Tensor2D), rows(), 9) },
  {
    name: 'maxPool after relu',
    terms: 4, // windows of 3 every 2 overlap on at most 4 outputs
    run: () => gradient((x) => tf.maxPool(tf.relu(x as tf.Tensor4D), 3, 2, 'same'), image(), 10),
  },
  {
    name: 'maxPool where whole windows are negative',
    terms: 4,
    run: () => gradient((x) => tf.maxPool(x as tf.Tensor4D, 3, 2, 'same'), image(), 10),
    unfit: ['wasm'], // starts each window's search at zero, and sends the gradient to the wrong cell
  },
  {
    name: 'conv2d, by image',
    terms: 45,
    run: () => gradient((x) => tf.conv2d(x as tf.Tensor4D, filter(), 1, 'same'), image(), 11),
  },
  {
    name: 'conv2d, by filter',
    terms: 144, // one per image position and batch entry
    run: () => gradient((w) => tf.conv2d(image(), w as tf.Tensor4D, 1, 'same'), filter(), 12),
    unfit: ['wasm'], // has no such kernel
  },
  {
    name: 'conv2d, by filter, stride 2',
    terms: 40,
    run: () => gradient((w) => tf.conv2d(image(), w as tf.Tensor4D, 2, 'same'), filter(), 13),
    unfit: ['wasm'],
  },
  ...[1, 2].flatMap(convolutionGradients),
  {
    name: 'concat of channels',
    terms: 2,
    run: () => gradient((x) => tf.concat([x, image(), x], 3), image(), 40),
  },
  {
    name: 'gather of rows, some twice',
    terms: 2,
    run: () => gradient((x) => tf.gather(x, tf.tensor1d([6, 0, 0, 3], 'int32')), rows(), 49),
    unfit: ['wasm'], // has no such kernel
  },
  {
    name: 'mean over height and width',
    terms: 1,
    run: () => gradient((x) => tf.mean(x, [1, 2], true), image(), 41).mul(72),
  },
  {
    name: 'broadcast multiply, by the one a channel',
    terms: 72,
    run: () => gradient((w) => image().mul(w), channelWeights(), 42),
  },
  {
    name: 'resizeBilinear (twice as large)',
    terms: 16, // between two cells to either side, 4 x 4 pixels at most
    run: () => gradient(upsample, squareImage(), 43),
  },
  {
    name: 'logSoftmax',
    terms: 11,
    size: 8,
    run: () => gradient((x) => tf.logSoftmax(x), rows().mul(4), 44),
  },
  {
    name: 'batched matMul, by the first',
    terms: 4,
    run: () => gradient((x) => tf.matMul(x, right()), left(), 45),
  },
  {
    name: 'batched matMul, by the second',
    terms: 7,
    run: () => gradient((x) => tf.matMul(left(), x), right(), 46),
  },
  // 3 boxes of 4 x 4 cells.
  { name: 'cropFeatures, by the features', terms: 48, run: () => gradient(crops, image(), 47) },
  ...elementwise.map(({ name, size = 1, f, at }) => ({
    name,
    size,
    terms: name.startsWith('expandDims') ? 3 : 2,
    run: () => gradient(f, at(), 48),
  })),
];

/** As the detector has them. With relu the sums are exact, see `inEighths`, and the bias keeps them off zero. */
function convolutionGradients(stride: number): OpCase[] {
  const positions = stride === 1 ? 144 : 40; // of the filter, on both images
  const options = { strides: stride, pad: 'same' } as const;
  const exactImage = () => inEighths(image());
  const offZero = () => tf.fill<tf.Rank.R1>([5], 1 / 128);
  const relu = (x: tf.Tensor, filter: tf.Tensor, bias: tf.Tensor) =>
    tf.fused.conv2d({
      ...options,
      x: x as tf.Tensor4D,
      filter: filter as tf.Tensor4D,
      bias,
      activation: 'relu',
    });
  const linear = (x: tf.Tensor) => fusedConvolution(filter(), stride, 'linear')(x);
  const depthwise = (x: tf.Tensor, filter: tf.Tensor) =>
    tf.depthwiseConv2d(x as tf.Tensor4D, filter as tf.Tensor4D, stride, 'same');
  const fusedByFilter = (filter: tf.Tensor) =>
    fusedDepthwise(filter as tf.Tensor4D, stride, tf.fill([6], 1 / 128))(exactImage());
  const kernels = [
    { size: '1x1', kernel: () => inEighths(pointFilter()), outputs: 5 },
    { size: '3x3', kernel: () => inEighths(filter()), outputs: 45 },
  ];
  const depthKernels = [
    { size: '3x3', kernel: depthFilter, outputs: 18 }, // two a channel
    { size: '5x5', kernel: wideDepthFilter, outputs: 25 },
  ];
  const unfit = ['wasm'] as const; // has no kernel for filters, nor for depthwise images
  const cases: OpCase[] = [
    ...kernels.flatMap(({ size, kernel, outputs }): OpCase[] => [
      {
        name: `fused.conv2d ${size} with relu, by image`,
        terms: outputs,
        run: () => gradient((x) => relu(x, kernel(), offZero()), exactImage(), 30),
      },
      {
        name: `fused.conv2d ${size} with relu, by filter`,
        terms: positions,
        run: () => gradient((w) => relu(exactImage(), w, offZero()), kernel(), 31),
        unfit,
      },
      {
        name: `fused.conv2d ${size} with relu, by bias`,
        terms: positions,
        run: () => gradient((b) => relu(exactImage(), kernel(), b), offZero(), 32),
      },
    ]),
    {
      name: 'fused.conv2d 3x3 without activation, by image',
      terms: 45,
      run: () => gradient(linear, image(), 33),
      unfit, // asks for all gradients at once
    },
    ...depthKernels.flatMap(({ size, kernel, outputs }): OpCase[] => [
      {
        name: `depthwiseConv2d ${size}, by image`,
        terms: outputs,
        run: () => gradient((x) => depthwise(x, kernel()), image(), 34),
        unfit,
      },
      {
        name: `depthwiseConv2d ${size}, by filter`,
        terms: positions,
        run: () => gradient((w) => depthwise(image(), w), kernel(), 35),
        unfit,
      },
    ]),
    {
      name: 'fused.depthwiseConv2d 5x5 with relu, by filter',
      terms: positions,
      run: () => gradient(fusedByFilter, inEighths(wideDepthFilter()), 36),
      unfit,
    },
  ];
  return cases.map((each) => ({ ...each, name: `${each.name}, stride ${stride}` }));
}

/**
 * A sum of n products of factors up to 1, rounded at every step, is off by at most n² u (n terms, each carried
 * through up to n roundings of relative size u); two backends that add in different orders, by twice that.
 * The elementary functions add a few roundings of their own: 8 u. All this is relative to the largest number
 * on the way. On a GPU, matrix units round factors to
 * 10 bits of mantissa (TF32), u = 2⁻¹¹ instead of 2⁻²⁴.
 */
function tolerance({ terms, size = 1 }: OpCase, device: 'cpu' | 'gpu'): number {
  const roundoff = device === 'gpu' ? 2 ** -11 : 2 ** -24;
  return (2 * terms ** 2 + 8) * size * roundoff;
}

async function result(run: () => tf.Tensor): Promise<{ shape: number[]; values: number[] }> {
  const tensor = tf.tidy(run);
  const values = Array.from(await tensor.data());
  const { shape } = tensor;
  tensor.dispose();
  return { shape, values };
}

const nativeIsBuilt = findNativeBinding() !== undefined;
const cases = [
  ...forward.map((op) => ({ ...op, title: `runs ${op.name}` })),
  ...backward.map((op) => ({ ...op, title: `differentiates ${op.name}` })),
];

/** Why WebGPU cannot be had on this machine; undefined where it can. */
const noWebgpu = await prepareCompute('webgpu').then(
  () => undefined,
  (error: unknown) => (error instanceof Error ? error.message : String(error)),
);

const backends = [
  { title: 'wasm is always here', backend: 'wasm' as const, isHere: true },
  {
    title: nativeIsBuilt ? 'native is built here' : 'native IS NOT BUILT HERE (npm run tensorflow builds it)',
    backend: 'native' as const,
    isHere: nativeIsBuilt,
  },
  {
    title: noWebgpu === undefined ? 'webgpu is here' : `webgpu IS NOT HERE (${noWebgpu})`,
    backend: 'webgpu' as const,
    isHere: noWebgpu === undefined,
  },
];

for (const { title, backend, isHere } of backends) {
  describe(`${title}, and beside plain JavaScript it`, () => {
    let device: 'cpu' | 'gpu' = 'cpu';
    beforeAll(async () => {
      if (isHere) ({ device } = await prepareCompute(backend));
    });

    for (const op of cases) {
      const { run, unfit } = op;
      it.skipIf(!isHere || unfit?.includes(backend))(
        `${op.title} alike and leaves no tensor behind`,
        async () => {
          await prepareCompute('cpu');
          const before = tf.memory().numTensors;
          const expected = await result(run);
          await prepareCompute(backend);
          const got = await result(run);

          expect(got.shape).toEqual(expected.shape);
          expect(expected.values.some((value) => Math.abs(value) > 0.01)).toBe(true);
          const differences = expected.values.map((value, index) =>
            Math.abs(value - (got.values[index] ?? NaN)),
          );
          expect(differences.every((difference) => difference <= tolerance(op, device))).toBe(true);
          expect(tf.memory().numTensors).toBe(before);
        },
      );
    }
  });
}
