/** Reads the telemetry that trains a model into compact columns, one set a sensor. */
import type { SensorSeries } from '../../catalogue/models/impedance-anomaly/sensor-series.ts';
import { BadInput } from '../../core/domain/failure.ts';
import { readTelemetryCsv } from '../../platform/csv/telemetry-csv.ts';

/** Fewer readings than this say nothing about a sensor. */
const FEWEST_READINGS = 50;

class GrowingColumn {
  private values = new Float64Array(1024);
  private length = 0;

  push(value: number): void {
    if (this.length === this.values.length) {
      const wider = new Float64Array(2 * this.length);
      wider.set(this.values);
      this.values = wider;
    }
    this.values[this.length++] = value;
  }

  finish(): Float64Array {
    return this.values.slice(0, this.length);
  }
}

/** @param until readings after it are left out */
export async function readSeries(
  file: string,
  channels: readonly string[],
  context: readonly string[],
  until: number,
  onBytes: (bytes: number) => void,
): Promise<SensorSeries[]> {
  const columns = [...channels, ...context];
  const sensors = new Map<string, { observedAt: GrowingColumn; columns: GrowingColumn[] }>();
  for await (const rows of readTelemetryCsv(file, columns, onBytes)) {
    for (const { sensorId, observedAt, values } of rows) {
      if (observedAt > until) continue;
      let sensor = sensors.get(sensorId);
      if (sensor === undefined) {
        sensor = { observedAt: new GrowingColumn(), columns: columns.map(() => new GrowingColumn()) };
        sensors.set(sensorId, sensor);
      }
      sensor.observedAt.push(observedAt);
      for (const [i, column] of sensor.columns.entries()) column.push(values[i]!);
    }
  }
  const series: SensorSeries[] = [];
  for (const [sensorId, { observedAt, columns: own }] of [...sensors].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const finished = own.map((column) => column.finish());
    const times = observedAt.finish();
    if (times.length < FEWEST_READINGS) continue;
    series.push({
      sensorId,
      observedAt: times,
      channels: finished.slice(0, channels.length),
      context: finished.slice(channels.length),
    });
  }
  if (series.length > 0) return series;
  throw new BadInput(
    'telemetry-too-short',
    `${file} has no sensor with at least ${FEWEST_READINGS} readings before the cut-off; training needs more history.`,
  );
}
