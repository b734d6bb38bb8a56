/** Names and shapes of all weights, by part; convolutions are [height, width, in, out]. */
import type { Random } from '../../../core/statistics/random.ts';
import type { NamedWeight } from '../../../core/domain/model-weights.ts';
import type { PartName } from '../model.ts';
import { architecture, OBJECT_CATEGORIES } from './defaults.ts';

type Shape = readonly number[];

const {
  entryChannels,
  stemChannels,
  learnerChannels,
  contextChannels,
  headChannels,
  cropChannels,
  embeddingSize,
} = architecture;
const categories = OBJECT_CATEGORIES.length;

/** Prior probability of an object in a cell, which the untrained heat map starts from: 2 %. */
const HEAT_BIAS = Math.log(0.02 / 0.98);

const kernels: Readonly<Record<string, Shape>> = {
  'stem/entry': [3, 3, 3, entryChannels],
  'stem/down4': [3, 3, entryChannels, stemChannels],
  'stem/refine': [3, 3, stemChannels, stemChannels],
  'learner/down8': [3, 3, stemChannels, learnerChannels],
  'learner/refine8': [3, 3, learnerChannels, learnerChannels],
  'learner/down16': [3, 3, learnerChannels, contextChannels],
  'learner/refine16': [3, 3, contextChannels, contextChannels],
  'learner/down32': [3, 3, contextChannels, contextChannels],
  'learner/refine32': [3, 3, contextChannels, contextChannels],
  'learner/narrow': [1, 1, contextChannels, learnerChannels],
  'learner/merge': [3, 3, learnerChannels, learnerChannels],
  'task/objects/hidden': [3, 3, learnerChannels, headChannels],
  'task/objects/logits': [1, 1, headChannels, categories],
  'task/objects/boxes': [1, 1, headChannels, categories * 4],
  'task/crops/first': [3, 3, stemChannels + learnerChannels, cropChannels[0]],
  'task/crops/second': [3, 3, cropChannels[0], cropChannels[1]],
  'task/crops/embedding': [1, 1, 2 * cropChannels[1], embeddingSize],
  'task/crops/logits': [1, 1, embeddingSize, categories],
};

export const weightShapes: Readonly<Record<string, Shape>> = Object.fromEntries(
  Object.entries(kernels).flatMap(([name, shape]) => [
    [`${name}/kernel`, shape],
    [`${name}/bias`, [shape.at(-1) ?? 0]],
  ]),
);

export function isPartWeight(part: PartName, name: string): boolean {
  return name.startsWith(`${part}/`);
}

/** Normal, scaled to keep the spread of activations (He et al., 2015); biases start at nought. */
export function initialWeights(random: Random): Record<string, NamedWeight> {
  const weights: Record<string, NamedWeight> = {};
  for (const [name, shape] of Object.entries(weightShapes)) {
    const values = new Float32Array(shape.reduce((product, extent) => product * extent, 1));
    if (name.endsWith('/kernel')) {
      const fanIn = values.length / (shape.at(-1) ?? 1);
      const gain = /logits|boxes/.test(name) ? 0.1 : name.includes('refine') ? 0.7 : 1;
      const draw = random.fork(name);
      for (let i = 0; i < values.length; i++) values[i] = draw.normal() * gain * Math.sqrt(2 / fanIn);
    }
    if (name === 'task/objects/logits/bias') values.fill(HEAT_BIAS);
    weights[name] = { shape, values };
  }
  return weights;
}
