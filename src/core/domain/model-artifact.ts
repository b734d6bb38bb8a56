/** A trained model as it is stored: a manifest that people can read and one file of weights. */

/** Where one named weight lies inside `weights.bin`; little-endian, row-major. */
export interface WeightEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly byteOffset: number;
  /** Left out: float32. */
  readonly precision?: 'float32' | 'float16';
}

export interface ModelManifest {
  readonly formatVersion: 1;
  /** Folder name under `catalogue/models`. */
  readonly model: string;
  /** Unique within the model; sortable: `2026-11-24T10-00-00Z-ab12cd34`. */
  readonly version: string;
  readonly createdAt: string;
  /** How the weights came to be: data hash and cut-off, split, seed, settings, backend, package versions. */
  readonly record: Readonly<Record<string, unknown>>;
  /** Measured on data that training did not see, with what they were measured on. */
  readonly metrics: Readonly<Record<string, unknown>>;
  /** What the model needs beside its weights: normalisation, thresholds, calibration. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly weights: readonly WeightEntry[];
  /** SHA-256, hex, of `weights.bin`. */
  readonly weightsSha256: string;
}

export interface ModelArtifact {
  readonly manifest: ModelManifest;
  readonly weights: Uint8Array;
}
