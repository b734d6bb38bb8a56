// Loads the native binding, runs and differentiates one convolution, and prints what it found as JSON.
// It runs in a process of its own: a binding that does not fit can end the process that loads it.
import { createRequire } from 'node:module';

// Node.js 23 dropped these from `util`; the package still calls them.
const util = createRequire(import.meta.url)('node:util');
util.isNullOrUndefined ??= (value) => value === null || value === undefined;
util.isArray ??= Array.isArray;

const tf = await import('@tensorflow/tfjs');
await import('@tensorflow/tfjs-node-gpu');
await tf.ready();

const image = tf.ones([1, 3, 3, 1]); // [batch, height, width, channels]
const filter = tf.ones([3, 3, 1, 1]); // [height, width, in, out]
const blurred = await tf.conv2d(image, filter, 1, 'same').array();
const slope = await tf
  .grad((weights) => tf.conv2d(image, weights, 1, 'valid').sum())(filter)
  .array();
// How many of the nine ones lie under the window at the centre, an edge and a corner.
const [centre, edge, corner] = [blurred[0][1][1][0], blurred[0][0][1][0], blurred[0][0][0][0]];
if (
  tf.getBackend() !== 'tensorflow' ||
  centre !== 9 ||
  edge !== 6 ||
  corner !== 4 ||
  slope[1][1][0][0] !== 1
) {
  throw new Error(
    `wrong result on backend ${tf.getBackend()}: ${JSON.stringify({ centre, edge, corner, slope })}`,
  );
}
const backend = tf.backend();
process.stdout.write(
  `\n${JSON.stringify({ tensorflow: backend.binding.TF_Version, device: backend.isUsingGpuDevice ? 'gpu' : 'cpu' })}\n`,
);
