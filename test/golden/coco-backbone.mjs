/**
 * Makes coco-backbone.json: what the published graph model gives at the learner's exit for a drawn picture.
 *
 *   npm pack @vladmandic/human@3.3.6 && tar xzf vladmandic-human-3.3.6.tgz
 *   node test/golden/coco-backbone.mjs package/models/centernet.json > test/golden/coco-backbone.json
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs';

const [file] = process.argv.slice(2);
const model = JSON.parse(readFileSync(file, 'utf8'));
const [{ paths, weights }] = model.weightsManifest;
const bytes = readFileSync(join(dirname(file), paths[0]));

await tf.setBackend('cpu');
const graph = await tf.loadGraphModel({
  load: async () => ({
    modelTopology: model.modelTopology,
    format: model.format,
    signature: model.signature,
    weightSpecs: weights,
    weightData: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
  }),
});

const SIDE = 512; // the size that the graph is frozen at
const picture = tf.tensor4d(
  Float32Array.from({ length: SIDE * SIDE * 3 }, (_, i) => drawnValue(i % 3, Math.floor(i / 3) % SIDE, Math.floor(i / 3 / SIDE))),
  [1, SIDE, SIDE, 3],
);
const [stem, learner] = ['MobilenetV3/expanded_conv_2/add', 'CenternetHead/mul'].map((node) => graph.execute(picture, `tower_0/${node}`));

/** Stripes and rings in three colours, 0 to 255; the test draws the same. */
function drawnValue(channel, x, y) {
  return 127.5 + 127.5 * Math.sin((x * (channel + 1)) / 23 + Math.hypot(x - 200, y - 300) / (9 + channel));
}

function readings(tensor) {
  const [, rows, columns, channels] = tensor.shape;
  const values = tensor.dataSync();
  return Array.from({ length: 60 }, (_, i) => {
    const [row, column, channel] = [(i * 37) % rows, (i * 53) % columns, (i * 11) % channels];
    return { row, column, channel, value: Number(values[(row * columns + column) * channels + channel].toPrecision(6)) };
  });
}

process.stdout.write(`${JSON.stringify({ stem: readings(stem), learner: readings(learner) }, null, 1)}\n`);
