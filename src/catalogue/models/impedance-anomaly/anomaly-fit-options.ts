/** What the model is trained on, and how. */
import type { Look } from './look-intervals.ts';
import type { SensorSeries } from './sensor-series.ts';

export interface AnomalyFitOptions {
  readonly series: readonly SensorSeries[];
  readonly channels: readonly string[];
  readonly context: readonly string[];
  /** Empty for unsupervised training. */
  readonly looks: readonly Look[];
  /** Site of each sensor: those of one site share weather. A sensor that is not there is of the site ''. */
  readonly sites?: ReadonlyMap<string, string>;
  /** Tower of each sensor: those of one tower are never split between what teaches and what judges. */
  readonly towers?: ReadonlyMap<string, string>;
  readonly seed: number;
  readonly falseAlarmsPerSensorYear: number;
}

export function siteOf({ sites }: AnomalyFitOptions): (sensorId: string) => string {
  return (sensorId) => sites?.get(sensorId) ?? '';
}

/** A sensor whose tower is not known stands by itself. */
export function towerOf({ towers }: AnomalyFitOptions): (sensorId: string) => string {
  return (sensorId) => towers?.get(sensorId) ?? `sensor ${sensorId}`;
}

/** In a fixed order: that of the head's outputs. */
export function kindsOf(looks: readonly Look[]): string[] {
  const kinds = new Set(looks.filter(({ defect }) => defect >= 0.5).flatMap(({ kind }) => kind ?? []));
  return [...kinds].sort();
}
