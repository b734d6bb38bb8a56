/** Names and shapes of all weights; convolutions are [height, width, in, out], depthwise ones [height, width, channels, 1]. */
import { architecture, ASCENTS, LATERALS, LEARNER_BLOCKS, STEM_BLOCKS, type Block } from './defaults.ts';

type Shapes = Record<string, readonly number[]>;

const { entryChannels, contextChannels, learnerChannels, attentionChannels } = architecture;

function dense(name: string, from: number, to: number): Shapes {
  return { [`${name}/kernel`]: [1, 1, from, to], [`${name}/bias`]: [to] };
}

function blockShapes({ name, from, inside, to, filter, squeeze }: Block): Shapes {
  return {
    ...(inside === from ? {} : dense(`${name}/expand`, from, inside)),
    [`${name}/depthwise/kernel`]: [filter, filter, inside, 1],
    [`${name}/depthwise/bias`]: [inside],
    ...(squeeze === undefined
      ? {}
      : { ...dense(`${name}/squeeze`, inside, squeeze), ...dense(`${name}/excite`, squeeze, inside) }),
    ...dense(`${name}/project`, inside, to),
  };
}

function separable(name: string, filter: number, from: number, to: number): Shapes {
  return { [`${name}/depthwise/kernel`]: [filter, filter, from, 1], ...dense(`${name}/pointwise`, from, to) };
}

const merge = (parts: readonly Shapes[]): Shapes => Object.assign({}, ...parts) as Shapes;

export const stemShapes: Readonly<Shapes> = {
  'stem/entry/kernel': [3, 3, 3, entryChannels],
  'stem/entry/bias': [entryChannels],
  ...merge(STEM_BLOCKS.map(blockShapes)),
};

export const learnerShapes: Readonly<Shapes> = {
  ...merge(LEARNER_BLOCKS.map(blockShapes)),
  ...dense('learner/context', LEARNER_BLOCKS.at(-1)!.to, contextChannels),
  ...merge(
    LATERALS.map(({ name, from, narrow, to }) => ({
      ...dense(`${name}/narrow`, from, narrow),
      ...separable(name, 5, narrow, to),
    })),
  ),
  ...merge(
    ASCENTS.map(({ name, from, to }) => ({
      ...separable(`${name}/fine`, 3, from, to),
      ...separable(`${name}/wide`, 5, from, to),
    })),
  ),
  ...dense('learner/attention/squeeze', learnerChannels, attentionChannels),
  'learner/attention/excite/kernel': [1, 1, attentionChannels, learnerChannels],
};
