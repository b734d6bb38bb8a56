/** Names and shapes of the detector's own weights: the learner, tuned from the backbone's, and its heads. */
import type { NamedWeight } from '../../../core/domain/model-weights.ts';
import type { Random } from '../../../core/statistics/random.ts';
import { architecture as backbone } from '../coco-backbone/defaults.ts';
import { learnerShapes } from '../coco-backbone/weight-shapes.ts';
import { architecture, training } from './defaults.ts';

type Shapes = Readonly<Record<string, readonly number[]>>;

const { proposalChannels, detailChannels, cropChannels, cropSize, embeddingSize, placeChannels, placeSize } =
  architecture;

function kernels(classes: number): Shapes {
  return {
    'task/proposals/narrow': [1, 1, backbone.learnerChannels, proposalChannels[0]],
    'task/proposals/hidden': [3, 3, proposalChannels[0], proposalChannels[1]],
    'task/proposals/logits': [1, 1, proposalChannels[1], classes],
    'task/proposals/boxes': [1, 1, proposalChannels[1], classes * 4],
    'task/detail': [1, 1, backbone.stemChannels + backbone.learnerChannels, detailChannels],
    'task/crops/first': [3, 3, detailChannels, cropChannels[0]],
    'task/crops/second': [3, 3, cropChannels[0], cropChannels[1]],
    'task/crops/embedding': [(cropSize / 2) ** 2 * cropChannels[1], embeddingSize],
    'task/crops/logits': [embeddingSize, classes + 1],
    'task/place/first': [3, 3, detailChannels, placeChannels[0]],
    'task/place/second': [3, 3, placeChannels[0], placeChannels[1]],
    'task/place/hidden': [(cropSize / 2) ** 2 * placeChannels[1], placeSize],
    'task/place/refinements': [placeSize, 4],
  };
}

export function headShapes(classes: number): Shapes {
  return Object.fromEntries(
    Object.entries(kernels(classes)).flatMap(([name, shape]) => [
      [`${name}/kernel`, shape],
      [`${name}/bias`, [shape.at(-1) ?? 0]],
    ]),
  );
}

export function weightShapes(classes: number): Shapes {
  return { ...learnerShapes, ...headShapes(classes) };
}

/** Normal, scaled to keep the spread of activations (He et al., 2015); last layers near nothing, biases at it. */
export function drawHeads(random: Random, classes: number): Record<string, NamedWeight> {
  const weights: Record<string, NamedWeight> = {};
  for (const [name, shape] of Object.entries(headShapes(classes))) {
    const values = new Float32Array(shape.reduce((product, extent) => product * extent, 1));
    if (name.endsWith('/kernel')) {
      const fanIn = values.length / (shape.at(-1) ?? 1);
      const gain = /logits|boxes|refinements/.test(name) ? 0.1 : 1;
      const draw = random.fork(name);
      for (let i = 0; i < values.length; i++) values[i] = draw.normal() * gain * Math.sqrt(2 / fanIn);
    }
    if (name === 'task/proposals/logits/bias') {
      values.fill(Math.log(training.heatPrior / (1 - training.heatPrior)));
    }
    weights[name] = { shape, values };
  }
  return weights;
}
