/**
 * Thousands of inferences in one process: the number of tensors must stay, and the memory must level off.
 *
 * @example npm run soak -- --backend wasm --count 10000
 */
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs';
import { cropFeatures } from '../../src/catalogue/models/defect-detector/crop-features.ts';
import { prepareCompute, type BackendRequest } from '../../src/platform/compute/choose-backend.ts';

const SIDE = 64; // px
/** Of the memory at half-time; the allocators need some room. */
const LARGEST_GROWTH = 0.05;

/** Runs `infer` again and again. @returns what grew, one sentence each */
async function soak(infer: () => Promise<unknown>, count: number): Promise<string[]> {
  const problems: string[] = [];
  await infer(); // compiles and allocates what stays
  const { numTensors } = tf.memory();
  const every = Math.max(2, Math.floor(count / 10));
  let halfTime = 0; // MB
  let lap = performance.now();
  for (let done = 1; done <= count; done += 1) {
    await infer();
    const isHalfTime = done === Math.floor(count / 2);
    if (done % every !== 0 && !isHalfTime && done !== count) continue;
    const rate = (every * 1000) / (performance.now() - lap);
    // Left alone, V8 lets tens of megabytes of small garbage gather before it looks at it.
    globalThis.gc?.();
    const memory = process.memoryUsage.rss() / 2 ** 20; // MB
    if (isHalfTime) halfTime = memory;
    const tensors = tf.memory().numTensors;
    say(`${done} images, ${rate.toFixed(1)} a second, ${tensors} tensors, ${memory.toFixed(0)} MB`);
    lap = performance.now();
    if (tensors !== numTensors) problems.push(`${tensors} tensors instead of ${numTensors}, at ${done}`);
    const growth = memory / halfTime - 1;
    if (done === count && growth > LARGEST_GROWTH)
      problems.push(`memory grew by ${(growth * 100).toFixed(1)} % since half-time`);
  }
  return problems;
}

/** A network of the detector's operations, small enough for thousands of runs. */
function smallNetwork(): () => Promise<unknown> {
  const draw = (shape: number[], seed: number) => tf.randomNormal(shape, 0, 0.2, 'float32', seed);
  const [stem, depth] = [draw([3, 3, 3, 16], 1) as tf.Tensor4D, draw([5, 5, 16, 1], 2) as tf.Tensor4D];
  const [excite, heads] = [draw([1, 1, 16, 16], 3) as tf.Tensor4D, draw([1, 1, 32, 8], 4) as tf.Tensor4D];
  const [bias, dense] = [draw([16], 5) as tf.Tensor1D, draw([6 * 6 * 8, 4], 6) as tf.Tensor2D];
  const boxes = tf.tensor3d([[[4, 4, 40, 40], [20, 8, 60, 30]]]); // prettier-ignore
  const pixels = Float32Array.from({ length: SIDE * SIDE * 3 }, (_, index) => (index % 251) / 251);
  const hardSigmoid = (x: tf.Tensor4D): tf.Tensor4D => tf.mul(tf.relu6(tf.add(x, 3)), 1 / 6);
  const options = { pad: 'same', bias, activation: 'relu' } as const;
  return async () => {
    const scores = tf.tidy(() => {
      const image = tf.tensor4d(pixels, [1, SIDE, SIDE, 3]);
      const fine = tf.fused.conv2d({ ...options, x: image, filter: stem, strides: 2 }); // [1, 32, 32, 16]
      const coarse = tf.fused.depthwiseConv2d({ ...options, x: fine, filter: depth, strides: 2 }); // [1, 16, 16, 16]
      const means = tf.mean<tf.Tensor4D>(tf.mul(coarse, hardSigmoid(coarse)), [1, 2], true);
      const weighed = tf.mul<tf.Tensor4D>(coarse, hardSigmoid(tf.conv2d(means, excite, 1, 'same')));
      const both = tf.concat([fine, tf.image.resizeBilinear(weighed, [32, 32])], 3); // [1, 32, 32, 32]
      const crops = cropFeatures(tf.conv2d(both, heads, 1, 'same'), boxes, 2, 6); // [2, 6, 6, 8]
      return tf.softmax(tf.matMul(tf.reshape<tf.Rank.R2>(crops, [2, -1]), dense)); // [2, 4]
    });
    const values = await scores.data();
    scores.dispose();
    return values;
  };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

const { values } = parseArgs({
  options: { backend: { type: 'string', default: 'auto' }, count: { type: 'string', default: '10000' } },
});
const { backend, reason } = await prepareCompute(values.backend as BackendRequest);
say(`${backend}: ${reason}`);
const problems = await soak(smallNetwork(), Number(values.count));
for (const problem of problems) say(`FAILED: ${problem}`);
if (problems.length > 0) process.exitCode = 1;
