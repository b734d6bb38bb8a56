/** The shape of the backbone: a MobileNetV3 with the upward path of a CenterNet, as it was trained on COCO. */

export type Activation = 'relu' | 'hard-swish';

/** One inverted residual block (MobileNetV3, Howard et al., 2019): widen, filter each channel, weigh, narrow. */
export interface Block {
  readonly name: string;
  readonly from: number;
  /** Channels inside; equal to `from` where nothing is widened. */
  readonly inside: number;
  readonly to: number;
  /** Side of the depthwise filter, cells. */
  readonly filter: 3 | 5;
  readonly stride: 1 | 2;
  /** Channels of the squeeze-and-excite bottleneck, where there is one. */
  readonly squeeze?: number;
  /** After widening and after the depthwise filter. */
  readonly activation: Activation;
  /** The block's input is added to its output. */
  readonly adds: boolean;
}

type Row = readonly [
  from: number,
  inside: number,
  to: number,
  filter: 3 | 5,
  stride: 1 | 2,
  squeeze: number,
  activation: Activation,
];

function block(name: string, [from, inside, to, filter, stride, squeeze, activation]: Row): Block {
  return {
    name,
    from,
    inside,
    to,
    filter,
    stride,
    ...(squeeze > 0 ? { squeeze } : {}),
    activation,
    adds: stride === 1 && from === to,
  };
}

/** Down to stride 4: frozen, and shared by every model that stands on this backbone. */
export const STEM_BLOCKS: readonly Block[] = [
  block('stem/block0', [16, 16, 16, 3, 1, 0, 'relu']),
  block('stem/block1', [16, 64, 24, 3, 2, 0, 'relu']),
  block('stem/block2', [24, 72, 24, 3, 1, 0, 'relu']),
];

/** Strides 8, 16 and 32: tuned for each task. */
export const LEARNER_BLOCKS: readonly Block[] = [
  block('learner/block3', [24, 72, 32, 5, 2, 24, 'relu']),
  block('learner/block4', [32, 96, 32, 5, 1, 24, 'relu']),
  block('learner/block5', [32, 96, 32, 5, 1, 24, 'relu']),
  block('learner/block6', [32, 192, 64, 3, 2, 0, 'hard-swish']),
  block('learner/block7', [64, 160, 64, 3, 1, 0, 'hard-swish']),
  block('learner/block8', [64, 144, 64, 3, 1, 0, 'hard-swish']),
  block('learner/block9', [64, 144, 64, 3, 1, 0, 'hard-swish']),
  block('learner/block10', [64, 384, 88, 3, 1, 96, 'hard-swish']),
  block('learner/block11', [88, 528, 88, 3, 1, 136, 'hard-swish']),
  block('learner/block12', [88, 528, 120, 5, 2, 136, 'hard-swish']),
  block('learner/block13', [120, 720, 120, 5, 1, 184, 'hard-swish']),
  block('learner/block14', [120, 720, 120, 5, 1, 184, 'hard-swish']),
];

export const architecture = {
  /** Pixels per cell of the stem's and of the learner's feature maps. */
  stride: 4,
  /** A picture's sides must divide by the coarsest stride, px. */
  coarsestStride: 32,
  entryChannels: 16,
  stemChannels: 24,
  /** Of the learner's feature maps. */
  learnerChannels: 128,
  /** Channels at stride 32, before the way up. */
  contextChannels: 480,
  /** Squeeze of the attention that ends the learner. */
  attentionChannels: 32,
} as const;

/** Features on their way down that are carried across to the way up: 5 x 5 filters on few channels. */
export const LATERALS = [
  { name: 'learner/lateral4', from: 72, narrow: 18, to: 64 },
  { name: 'learner/lateral8', from: 96, narrow: 24, to: 96 },
  { name: 'learner/lateral16', from: 88, narrow: 22, to: 128 },
] as const;

/** Each step up: a 3 x 3 and a 5 x 5 separable convolution, added, then enlarged twofold. */
export const ASCENTS = [
  { name: 'learner/up16', from: 480, to: 128 },
  { name: 'learner/up8', from: 256, to: 96 },
  { name: 'learner/up4', from: 192, to: 64 },
] as const;

/** What the picture's numbers mean to the weights. */
export const preprocessing = { channels: 'RGB', range: '0 to 255' } as const;
