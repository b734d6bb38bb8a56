/** Takes the backbone's weights out of the TensorFlow.js graph model that they were published in. */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { learnerShapes, stemShapes } from '../../catalogue/models/coco-backbone/weight-shapes.ts';
import { BadInput } from '../../core/domain/failure.ts';
import { readFloat16 } from '../../core/domain/float16.ts';
import type { NamedWeight, NamedWeights } from '../../core/domain/model-weights.ts';

const graphModelSchema = z.object({
  weightsManifest: z.tuple([
    z.object({
      paths: z.tuple([z.string()]),
      weights: z.array(
        z.object({
          name: z.string(),
          shape: z.array(z.int().nonnegative()),
          quantization: z.object({ dtype: z.literal('float16') }).optional(),
        }),
      ),
    }),
  ]),
});

/** Patterns of published names, in the order tried, and what they are called here. */
const NAMES: readonly (readonly [RegExp, string])[] = [
  [/^MobilenetV3\/Conv\/Conv2D/, 'stem/entry'],
  [/^MobilenetV3\/expanded_conv\//, 'stem/block0/'],
  [/^MobilenetV3\/expanded_conv_([12])\//, 'stem/block$1/'],
  [/^MobilenetV3\/expanded_conv_(\d+)\//, 'learner/block$1/'],
  [/^extern1\/Conv2D/, 'learner/context'],
  [/^CenternetHead\/c2_reverse\//, 'learner/lateral4/'],
  [/^CenternetHead\/c3_reverse\//, 'learner/lateral8/'],
  [/^CenternetHead\/c4_reverse\//, 'learner/lateral16/'],
  [/^CenternetHead\/c5_upsample\//, 'learner/up16/'],
  [/^CenternetHead\/c4_upsample\//, 'learner/up8/'],
  [/^CenternetHead\/c3_upsample\//, 'learner/up4/'],
  [/^CenternetHead\/conv1x1_se_a\/Conv2D/, 'learner/attention/squeeze'],
  [/^CenternetHead\/conv1x1_se_b\/weights$/, 'learner/attention/excite/kernel'],
];

/** Within a layer; applied one after the other. */
const PARTS: readonly (readonly [RegExp, string])[] = [
  [/squeeze_excite\/Conv_1\//, 'excite/'],
  [/squeeze_excite\/Conv\//, 'squeeze/'],
  [/branch_x_upsample_resize\//, 'fine/'],
  [/branch_y_upsample_resize\//, 'wide/'],
  [/1x1\/Conv2D/, 'narrow'],
  [/3x3\//, ''],
  [/depthwise\/depthwise/, 'depthwise'],
  [/(^|\/)depthwise_weights$/, '$1depthwise/kernel'],
  [/separable_conv2d/, 'pointwise'],
  [/Conv2D/, ''],
  [/\/?_weights$|\/weights$/, '/kernel'],
  [/\/?_bn_offset$|\/biases$/, '/bias'],
];

/** Batch normalisation is folded into the published kernels, so that each layer is a kernel and a bias. */
export async function importCenternet(file: string): Promise<NamedWeights> {
  const parsed = graphModelSchema.safeParse(JSON.parse(await readFile(file, 'utf8')));
  if (!parsed.success) {
    throw new BadInput(
      'backbone-model',
      `${file} is not the graph model that is expected: ${parsed.error.issues[0]?.message ?? ''}.`,
    );
  }
  const [{ paths, weights }] = parsed.data.weightsManifest;
  const bytes = await readFile(join(dirname(file), paths[0]));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const expected: Readonly<Record<string, readonly number[]>> = { ...stemShapes, ...learnerShapes };
  const found: Record<string, NamedWeight> = {};
  let offset = 0;
  for (const { name, shape, quantization } of weights) {
    const count = shape.reduce((product, extent) => product * extent, 1);
    const local = localName(name);
    if (local !== undefined && expected[local] !== undefined && quantization) {
      const start = offset;
      const values = Float32Array.from({ length: count }, (_, i) =>
        readFloat16(view.getUint16(start + 2 * i, true)),
      );
      found[local] = { shape, values };
    }
    offset += count * (quantization ? 2 : 4);
  }
  const missing = Object.entries(expected).find(
    ([name, shape]) => found[name]?.shape.join() !== shape.join(),
  );
  if (missing) {
    throw new BadInput(
      'backbone-model',
      `${file} has no weight that fits ${missing[0]} [${missing[1].join(', ')}].`,
    );
  }
  return found;
}

function localName(published: string): string | undefined {
  const plain = published.replace(/^tower_0\//, '');
  const layer = NAMES.find(([pattern]) => pattern.test(plain));
  if (!layer) return undefined;
  return PARTS.reduce((name, [pattern, to]) => name.replace(pattern, to), plain.replace(layer[0], layer[1]));
}
