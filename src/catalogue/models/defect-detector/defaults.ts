/** Every number that shapes the defect detector, with unit and meaning. Pixels are those of the network's frame. */

/** Whether a class is a thing that belongs on the line, or something wrong with one. */
export type ClassKind = 'object' | 'defect';

export interface ObjectClass {
  readonly name: string;
  readonly kind: ClassKind;
}

/** Classes that Spanwatch knows by itself; a data set may bring more. */
export const KNOWN_CLASSES: readonly ObjectClass[] = [
  { name: 'insulator', kind: 'object' },
  { name: 'joint', kind: 'object' },
  { name: 'broken_insulator', kind: 'defect' },
  { name: 'failing_joint', kind: 'defect' },
];

/** Changing any of these needs new weights. */
export const architecture = {
  /** Picture fitted into this frame, px; both divide by 32. Larger sees smaller defects and costs time in proportion. */
  inputWidth: 640,
  inputHeight: 480,
  /** Channels of the proposal head: of its first convolution (1 x 1) and its second (3 x 3). */
  proposalChannels: [48, 64],
  /** Channels of the map that crops are cut from, stride 4: stem and learner side by side, narrowed. */
  detailChannels: 48,
  /** Cells a side of a crop. */
  cropSize: 12,
  /** The crop reaches beyond the proposal by this share of its size on every side. */
  cropMargin: 0.2,
  /** Channels of the two convolutions on a crop; the second halves its sides. */
  cropChannels: [64, 64],
  /** Channels of the two convolutions that place the box on a crop, and numbers behind them. */
  placeChannels: [64, 64],
  placeSize: 128,
  /** Length of an object's embedding. */
  embeddingSize: 64,
  /** exp() of more than this would leave any picture: limits how far a box may reach. */
  largestExponent: 4,
  /** A refinement of 1 moves the box by this share of its size, and scales it by exp(0.4). */
  refinement: { shift: 0.2, scale: 0.4 },
} as const;

export const training = {
  /** Pictures a step. */
  batchSize: 4,
  /** Of them as many at a time as have this many pixels together: what is held for their gradients bounds memory. */
  pixelsAtOnce: 640_000,
  /** Passes with the backbone as it came: the heads find their feet. */
  warmUpEpochs: 1,
  /** Passes over random windows of the pictures, learner and heads together. */
  epochs: 4,
  /** Passes over whole pictures at full size. */
  fineTuneEpochs: 2,
  /** Passes over whole pictures, as sharp as met, in which the heads settle on a learner that moves no more. */
  settleEpochs: 3,
  /** How often a pass shows a picture, against one another. */
  shows: {
    train: { withDefect: 1, withoutDefect: 1, drawn: 0.5 },
    fineTune: { withDefect: 2, withoutDefect: 1, drawn: 0.5 },
    settle: { withDefect: 3, withoutDefect: 1, drawn: 1 },
  },
  /** Peak step size of Adam, for the heads and for the pre-trained learner; a cosine takes both to 1 % of it. */
  learningRate: { heads: 1e-3, learner: 3e-4 },
  /** Where the step sizes of fine-tuning begin, against their peaks; a cosine of its own takes them to 1 %. */
  fineTuneRate: 0.4,
  /** Where the step size of the heads begins when they settle, against their peak; a cosine takes it to 1 %. */
  settleRate: 0.5,
  /** Steps over which the step size rises from nothing. */
  rampSteps: 30,
  /** Gradients longer than this, all weights together, are shortened to it. */
  gradientNorm: 20,
  /** Weights of the losses against the heat map's. */
  lossWeights: { box: 2.5, class: 1, refine: 2.5 },
  /** Standard deviation of a heat-map peak: this share of the box, over six (TTFNet's alpha). */
  heatSpread: 0.54,
  /** Cells hotter than this learn the box. */
  boxHeat: 0.05,
  /** Probability of an object in a cell that the untrained heat map starts from. */
  heatPrior: 0.03,
  /**
   * Crops a picture that the second stage learns from in one step. Up to `near` are copies of true boxes, shifted and
   * scaled; a small box is seldom met and loses most by an error of 2 px, so it is copied more often.
   */
  crops: { perPicture: 24, near: 12, copies: { small: 6, large: 2 } },
  /** The same where the heads settle. */
  settleCrops: { perPicture: 56, near: 40, copies: { small: 24, large: 3 } },
  /** Sides of a copy lie off by up to this share of the box. */
  cropJitter: 0.18,
  /** Below this side, the square root of its area, a box is small; px. */
  smallSide: 80,
  /** A crop is taken for an object from this overlap up, and for background below the other. */
  cropOverlap: { object: 0.5, background: 0.4 },
  /** Passes without a better validation score after which training ends early. */
  patience: 4,
  /** A checkpoint is written every so many steps. */
  checkpointSteps: 100,
} as const;

/** How often a pass shows a picture of each kind; a share of a half: in every second pass. */
export interface Shows {
  readonly withDefect: number;
  readonly withoutDefect: number;
  readonly drawn: number;
}

/** How many crops of a picture are learned from, and how many of them are copies of true boxes. */
export interface CropPlan {
  readonly perPicture: number;
  readonly near: number;
  readonly copies: { readonly small: number; readonly large: number };
}

/** How pictures are varied while training; probabilities unless said otherwise. */
export const augmentation = {
  /** Side of the window that the network sees, px; smaller than the frame to learn faster. */
  window: { width: 448, height: 320 },
  /** Scale against the picture in its frame, drawn evenly in its logarithm. */
  scale: [0.56, 1.2],
  fineTuneScale: [0.85, 1.15],
  fineTuneQuarterTurn: 0.05,
  /** Largest change of width against height, except where heads settle: those pictures stay as sharp as met. */
  aspect: 0.1,
  mirrored: 0.5,
  upsideDown: 0.15,
  quarterTurn: 0.25,
  /** Largest change of brightness, contrast and, halved, tint. */
  colour: 0.25,
  grey: 0.05,
  /** Four pictures in one window. */
  mosaic: 0.08,
  /** On pictures with an object but no defect: another picture's defect pasted on, its seam blended. */
  pasteDefect: 0.1,
  /** The same seams with nothing wrong inside: pasting alone must mean nothing. */
  pasteHealthy: 0.15,
  /** On pictures with a defect: it is painted over, and its label goes. */
  paintOut: 0.15,
  /** An object cut by the window counts while this share of it is seen. */
  visibleShare: 0.4,
} as const;

export const decision = {
  /** Peaks below this raw probability are no proposals. */
  proposalScore: 0.02,
  /** Proposals kept a picture, best first; bounds the time that crops take. */
  mostProposals: 16,
  /** Of two boxes of one class that overlap more (intersection over union), the better stays. */
  overlapLimit: 0.5,
  /** Proposals may overlap more than what is reported: their boxes are still rough. */
  proposalOverlap: 0.65,
  /**
   * Calibrated probability from which a class is reported. An object only says what was in view, so a doubtful one is
   * told with its doubt; a defect sends a crew.
   */
  threshold: { object: 0.1, defect: 0.5 },
  /** How what was seen in several windows of one picture is brought together: see `ViewRules`. */
  windows: { tolerance: 2, edge: 6, cutHandicap: 2, longest: 560, confirmed: { from: -2.2, overlap: 0.6 } },
  /**
   * Windows that pass the network at the same time, by backend. Two are a third faster than one on the processor's
   * native kernels and take 200 MB more; WebAssembly gains nothing and would keep the memory.
   */
  windowsAtOnce: { tensorflow: 2, webgpu: 2, wasm: 1, cpu: 1 } as Readonly<Record<string, number>>,
} as const;
