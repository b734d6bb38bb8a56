/** Reads the telemetry that trains a model into compact columns, one set a sensor. */
import type { Column, SensorSeries } from '../../catalogue/models/impedance-anomaly/sensor-series.ts';
import { BadInput } from '../../core/domain/failure.ts';
import { readTelemetryCsv } from '../../platform/csv/telemetry-csv.ts';

/** Fewer readings than this say nothing about a sensor. */
const FEWEST_READINGS = 50;

class GrowingColumn<Values extends Column> {
  private values: Values;
  private length = 0;

  constructor(private readonly create: (length: number) => Values) {
    this.values = create(1024);
  }

  push(value: number): void {
    if (this.length === this.values.length) {
      const wider = this.create(2 * this.length);
      wider.set(this.values);
      this.values = wider;
    }
    this.values[this.length++] = value;
  }

  finish(): Values {
    return this.values.slice(0, this.length) as Values;
  }
}

const double = () => new GrowingColumn((length) => new Float64Array(length));
const single = () => new GrowingColumn((length) => new Float32Array(length));

interface GrowingSensor {
  readonly observedAt: GrowingColumn<Float64Array>;
  readonly channels: readonly GrowingColumn<Float64Array>[];
  readonly context: readonly GrowingColumn<Float32Array>[];
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
  const sensors = new Map<string, GrowingSensor>();
  for await (const rows of readTelemetryCsv(file, columns, onBytes)) {
    for (const { sensorId, observedAt, values } of rows) {
      if (observedAt > until) continue;
      let sensor = sensors.get(sensorId);
      if (sensor === undefined) {
        sensor = { observedAt: double(), channels: channels.map(double), context: context.map(single) };
        sensors.set(sensorId, sensor);
      }
      sensor.observedAt.push(observedAt);
      for (const [i, column] of sensor.channels.entries()) column.push(values[i]!);
      for (const [i, column] of sensor.context.entries()) column.push(values[channels.length + i]!);
    }
  }
  const series: SensorSeries[] = [];
  for (const sensorId of [...sensors.keys()].sort()) {
    const sensor = sensors.get(sensorId)!;
    // What has grown is let go as it is brought to its length.
    sensors.delete(sensorId);
    const observedAt = sensor.observedAt.finish();
    if (observedAt.length < FEWEST_READINGS) continue;
    series.push({
      sensorId,
      observedAt,
      channels: sensor.channels.map((column) => column.finish()),
      context: sensor.context.map((column) => column.finish()),
    });
  }
  if (series.length > 0) return series;
  throw new BadInput(
    'telemetry-too-short',
    `${file} has no sensor with at least ${FEWEST_READINGS} readings before the cut-off; training needs more history.`,
  );
}
