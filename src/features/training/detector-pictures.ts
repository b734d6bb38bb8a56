/** Pictures with known truth, as detector training, calibration and evaluation take them. */
import type { TrueObject } from '../../catalogue/models/defect-detector/training-example.ts';
import type { DecodedImage } from '../../platform/blobs/decode-image.ts';

export interface LabelledPicture {
  /** For messages: a path, a seed. Never an input of the model. */
  readonly name: string;
  /** Boxes in pixels of the picture. Read when needed, so that a data set need not fit into memory. */
  read(): Promise<{ readonly pixels: DecodedImage; readonly objects: readonly TrueObject[] }>;
}

export interface DetectorData {
  readonly training: readonly LabelledPicture[];
  /** For calibration; not trained on. */
  readonly calibration: readonly LabelledPicture[];
  /** For the figures in the manifest; neither trained nor calibrated on. */
  readonly validation: readonly LabelledPicture[];
  /** What the data is and how to get it again, for the manifest. */
  readonly description: Readonly<Record<string, unknown>>;
}
