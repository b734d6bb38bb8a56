/** What the benchmark asks of a method: learn from training towers, then score any tower, never from the future. */
import type { Look } from '../../../src/catalogue/models/impedance-anomaly/look-intervals.ts';
import type { SensorSeries } from '../../../src/catalogue/models/impedance-anomaly/sensor-series.ts';
import type { TrueDefect } from '../../../src/features/anomalies/evaluation/true-defect.ts';

export interface Training {
  readonly channels: readonly string[];
  readonly context: readonly string[];
  /** Of the training towers, up to the split. */
  readonly series: readonly SensorSeries[];
  /** Of the training towers, up to the split, in time order. */
  readonly looks: readonly Look[];
  /** Of the training towers; only for methods that say by name that they are given the truth. */
  readonly truth: ReadonlyMap<string, readonly TrueDefect[]>;
  /** Line of each sensor, of judged ones too. */
  readonly lines: ReadonlyMap<string, string>;
  readonly seed: number;
}

export interface MethodScores {
  /** One a reading, higher for more anomalous; NaN where the method cannot judge yet. */
  readonly score: Float32Array;
  /** 1 where an event of the method's own alarm is open, for methods that bring one. */
  readonly ownAlarm?: Uint8Array;
}

export interface FittedMethod {
  /**
   * Told, before `score`, of all the series that stand side by side: a score may use what the others had measured by then.
   */
  watch?(all: readonly SensorSeries[]): void;
  /** @returns scores of a whole series, each from its reading and earlier ones alone */
  score(series: SensorSeries): MethodScores;
}

export interface FusionMethod {
  readonly name: string;
  /** Logits are logarithms of odds of a defect, so that calibration can be measured. */
  readonly scoresAre: 'logits' | 'ranks';
  fit(training: Training): FittedMethod | Promise<FittedMethod>;
}
