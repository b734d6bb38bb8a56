/** Every number that shapes the defect detector, with unit and meaning. Pixels are those of the network's input. */

/** Order of the categories in every tensor and list of this model. */
export const OBJECT_CATEGORIES = ['insulator', 'joint'] as const;
export type ObjectCategory = (typeof OBJECT_CATEGORIES)[number];

/** What is wrong with a defective object of each category, in the same order. */
export const DEFECT_CATEGORIES = ['broken_insulator', 'failing_joint'] as const;
export type DefectCategory = (typeof DEFECT_CATEGORIES)[number];

/** Changing any of these needs new weights. */
export const architecture = {
  /** Picture fitted into this frame, px; both divide by the coarsest stride, 32. Larger sees smaller defects and costs time in proportion. */
  inputWidth: 384,
  inputHeight: 288,
  /** Pixel values become (value / 255 - mean) / deviation: about -2 to 2. */
  pixelMean: 0.5,
  pixelDeviation: 0.25,
  /** Pixels per cell of the stem's and of the learner's feature maps. */
  stemStride: 4,
  learnerStride: 8,
  /** Channels of the feature maps at strides 2, 4, 8, and 16 and coarser. */
  entryChannels: 16,
  stemChannels: 32,
  learnerChannels: 48,
  contextChannels: 64,
  /** Hidden channels of the object head. */
  headChannels: 64,
  /** A distance from cell centre to box side is exp(output) times this, px. */
  boxBase: 16,
  /** Cells a side of an object crop. More shows finer defects of long strings. */
  cropSize: 32,
  /** The crop reaches beyond the box by this share of its size, so that the outline is seen. */
  cropMargin: 0.08,
  /** Channels after each of the two convolutions on a crop. */
  cropChannels: [40, 48],
  /** Length of an object's embedding. */
  embeddingSize: 32,
} as const;

export const training = {
  /** Pictures a step. */
  batchSize: 4,
  /** Passes over the training pictures. */
  epochs: 9,
  /** Peak step size of Adam; a cosine takes it to 1 % of this. */
  learningRate: 1.5e-3,
  /** Steps over which the step size rises from nothing. */
  warmUpSteps: 100,
  /** Gradients longer than this, all weights together, are shortened to it. */
  gradientNorm: 10,
  /** Weights of box and defect loss against the heat map's. */
  boxWeight: 2,
  defectWeight: 3,
  /** Width of a heat-map peak as a share of its box (standard deviation along each axis). */
  heatSpread: 0.09,
  /** Cells hotter than this learn the box. */
  boxHeat: 0.3,
  /** Crop boxes are shifted and scaled by up to this share of their size. */
  cropJitter: 0.08,
  /** Largest number of objects a picture that the crop head learns from in one step. */
  objectsPerPicture: 4,
  /** Brightness, contrast and tint change by up to this share. */
  colourJitter: 0.15,
} as const;

export const decision = {
  /** Peaks below this raw probability are no candidates. */
  candidateScore: 0.05,
  /** Candidates kept a picture, best first; bounds the time that crops take. */
  mostCandidates: 20,
  /** Of two boxes of one category that overlap more (intersection over union), the better stays. */
  overlapLimit: 0.5,
  /** Calibrated probability from which an object or a defect is reported, until training chooses its own. */
  threshold: 0.5,
} as const;
