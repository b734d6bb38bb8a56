/** One object or defect that a detector found on one image. */
export interface Detection {
  readonly category: string;
  /** Calibrated probability that the box shows an object of this category. */
  readonly score: number;
  /** Left, top, width, height in pixels of the upright image. */
  readonly bbox: readonly [x: number, y: number, width: number, height: number];
  /** Where the object lies in the embedding space of the model version that found it. */
  readonly embedding?: readonly number[];
}
