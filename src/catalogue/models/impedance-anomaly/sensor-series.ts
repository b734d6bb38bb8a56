/** The history of one sensor as training holds it: columns, in time order, NaN for missing. */
export type Column = Float32Array | Float64Array;

export interface SensorSeries {
  readonly sensorId: string;
  /** Milliseconds since 1970, strictly increasing. */
  readonly observedAt: Float64Array;
  /** One array a channel, in its own unit. */
  readonly channels: readonly Float64Array[];
  /** One array a context column, in its own unit; weather and load need no more than single precision. */
  readonly context: readonly Column[];
}

export const MILLISECONDS_PER_HOUR = 3_600_000;

/** Calls `visit` with the readings in order; the two arrays are reused. */
export function forEachReading(
  series: SensorSeries,
  visit: (values: Float64Array, context: Float64Array, elapsedHours: number | null, index: number) => void,
): void {
  const values = new Float64Array(series.channels.length);
  const context = new Float64Array(series.context.length);
  for (let index = 0; index < series.observedAt.length; index++) {
    for (let i = 0; i < values.length; i++) values[i] = series.channels[i]![index]!;
    for (let i = 0; i < context.length; i++) context[i] = series.context[i]![index]!;
    const elapsed =
      index === 0
        ? null
        : (series.observedAt[index]! - series.observedAt[index - 1]!) / MILLISECONDS_PER_HOUR;
    visit(values, context, elapsed, index);
  }
}
