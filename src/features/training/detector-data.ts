/** Labelled pictures as detector training, calibration and evaluation take them. */
import type { Corners } from '../../core/geometry/box.ts';
import type { ObjectClass } from '../../catalogue/models/defect-detector/defaults.ts';
import type { DecodedImage } from '../../platform/blobs/decode-image.ts';

export interface LabelledPicture {
  /** For messages and split files: a path, a seed. Never an input of the model. */
  readonly name: string;
  readonly boxes: readonly {
    readonly category: string;
    /** Pixels of the picture. */
    readonly box: Corners;
  }[];
  /** Read when needed, so that a data set need not fit into memory. */
  readonly read: () => Promise<DecodedImage>;
  /** Not a photograph. */
  readonly isDrawn?: boolean;
}

/** Pictures that figures are measured on, with those that resemble one another in one cluster. */
export interface MeasuredPictures {
  /** `validation`, `rendered`: the figures' name in the record. */
  readonly name: string;
  readonly pictures: readonly LabelledPicture[];
  /** Of each picture the number of its cluster. */
  readonly clusters: readonly number[];
}

export interface DetectorData {
  /** In the order of the tensors. */
  readonly classes: readonly ObjectClass[];
  readonly training: readonly LabelledPicture[];
  /** For calibration; not trained on, and in no cluster with what was. */
  readonly calibration: readonly LabelledPicture[];
  /** For the figures in the record; the first decides when training has done enough. */
  readonly measured: readonly [MeasuredPictures, ...MeasuredPictures[]];
  /** What the data is and how to get it again, with its hash: for the record, and to know a training again. */
  readonly description: Readonly<Record<string, unknown>>;
}
