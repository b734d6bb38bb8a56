/** Everything that a trained impedance-anomaly model is, in memory; `artifact.ts` stores it. */
import type { PlattScaling } from '../../../core/statistics/platt-scaling.ts';
import type { AlarmSettings } from './alarm.ts';
import type { FittedHead } from './head.ts';
import type { StemParameters } from './stem.ts';

export interface FittedModel {
  readonly stem: StemParameters;
  readonly head: FittedHead;
  /** Kinds of defect that labels taught, in the order of the head's outputs after the first. */
  readonly kinds: readonly string[];
  readonly calibration: PlattScaling;
  readonly alarm: AlarmSettings;
  readonly falseAlarmsPerSensorYear: number;
}

/** Where training left a sensor, so that scoring goes on from there. */
export interface TrainedSensor {
  readonly sensorId: string;
  /** Sensors of the same site are compared with each other; '' where no sites were given. */
  readonly site: string;
  /** Milliseconds since 1970. */
  readonly lastObservedAt: number;
  /** Of `ScoringCore`. */
  readonly state: Float32Array;
}
