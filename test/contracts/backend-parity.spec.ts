/** Every backend that may serve or train gives what plain JavaScript gives, forward and backward. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { prepareCompute, type BackendName } from '../../src/platform/compute/choose-backend.ts';
import { findNativeBinding } from '../../src/platform/compute/load-native.ts';

interface OpCase {
  readonly name: string;
  /** Terms in the longest sum behind one output number; 1 where numbers are only moved or compared. */
  readonly terms: number;
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
];

/**
 * A sum of n products of factors up to 1, rounded at every step, is off by at most n² u (n terms, each carried
 * through up to n roundings of relative size u); two backends that add in different orders, by twice that.
 * The elementary functions add a few roundings of their own: 8 u. On a GPU, matrix units round factors to
 * 10 bits of mantissa (TF32), u = 2⁻¹¹ instead of 2⁻²⁴.
 */
function tolerance(terms: number, device: 'cpu' | 'gpu'): number {
  const roundoff = device === 'gpu' ? 2 ** -11 : 2 ** -24;
  return (2 * terms ** 2 + 8) * roundoff;
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

const backends = [
  { title: 'wasm is always here', backend: 'wasm' as const, isHere: true },
  {
    title: nativeIsBuilt ? 'native is built here' : 'native IS NOT BUILT HERE (npm run tensorflow builds it)',
    backend: 'native' as const,
    isHere: nativeIsBuilt,
  },
];

for (const { title, backend, isHere } of backends) {
  describe(`${title}, and beside plain JavaScript it`, () => {
    let device: 'cpu' | 'gpu' = 'cpu';
    beforeAll(async () => {
      if (isHere) ({ device } = await prepareCompute(backend));
    });

    for (const { title, terms, run, unfit } of cases) {
      it.skipIf(!isHere || unfit?.includes(backend))(
        `${title} alike and leaves no tensor behind`,
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
          expect(differences.every((difference) => difference <= tolerance(terms, device))).toBe(true);
          expect(tf.memory().numTensors).toBe(before);
        },
      );
    }
  });
}
