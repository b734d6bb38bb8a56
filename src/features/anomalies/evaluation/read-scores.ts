/** Reads scores from a file that `anomaly score` has written, or scores telemetry with a model on the way. */
import { AnomalyScorer } from '../../../catalogue/models/impedance-anomaly/anomaly-scorer.ts';
import { BadInput } from '../../../core/domain/failure.ts';
import { readModelFolder } from '../../../platform/blobs/model-folder.ts';
import { badCell, readCsv } from '../../../platform/csv/read-csv.ts';
import { parseTime, readTelemetryCsv } from '../../../platform/csv/telemetry-csv.ts';
import { readPeers } from '../read-peers.ts';
import { ScoresBuilder } from './scores-builder.ts';
import type { SensorScores } from './sensor-scores.ts';

const COLUMNS = { required: ['observed_at', 'sensor_id', 'score', 'anomalous'], optional: ['event_id'] };

type OnBytes = (bytes: number) => void;

/** @param contextColumns how many columns `attachContext` will fill in */
export async function readScores(
  file: string,
  contextColumns: number,
  onBytes: OnBytes,
): Promise<SensorScores[]> {
  const builder = new ScoresBuilder(contextColumns);
  const last = new Map<string, number>();
  for await (const rows of readCsv(file, COLUMNS, onBytes)) {
    for (const { cells, line } of rows) {
      const [time = '', sensorId = '', scoreText = '', flag = '', eventId = ''] = cells;
      const observedAt = parseTime(file, line, 'observed_at', time);
      if (observedAt <= (last.get(sensorId) ?? -Infinity)) {
        throw badCell(
          file,
          line,
          'observed_at',
          `${time} does not come after the score above it of ${sensorId}`,
        );
      }
      last.set(sensorId, observedAt);
      const score = scoreText === '' ? NaN : Number(scoreText);
      if (scoreText !== '' && !(score >= 0 && score <= 1)) {
        throw badCell(file, line, 'score', `'${scoreText}' is not a number from 0 to 1`);
      }
      if (flag !== '0' && flag !== '1')
        throw badCell(file, line, 'anomalous', `'${flag}' is neither 0 nor 1`);
      builder.add(sensorId, observedAt, score, flag === '1' ? eventId : null);
    }
  }
  return builder.finish();
}

/** Fills in the context of readings that were scored, from the telemetry that they came from. */
export async function attachContext(
  scores: readonly SensorScores[],
  telemetryCsv: string,
  columns: readonly string[],
  onBytes: OnBytes,
): Promise<void> {
  const bySensor = new Map(scores.map((own) => [own.sensorId, { own, at: 0 }]));
  let matched = 0;
  for (const { context } of scores) for (const column of context) column.fill(NaN);
  for await (const rows of readTelemetryCsv(telemetryCsv, columns, onBytes)) {
    for (const { sensorId, observedAt, values } of rows) {
      const sensor = bySensor.get(sensorId);
      if (sensor === undefined) continue;
      const { own } = sensor;
      while (own.observedAt[sensor.at]! < observedAt) sensor.at++;
      if (own.observedAt[sensor.at] !== observedAt) continue;
      for (let i = 0; i < columns.length; i++) own.context[i]![sensor.at] = values[i]!;
      matched++;
    }
  }
  if (matched > 0 || columns.length === 0) return;
  throw new BadInput(
    'telemetry-elsewhere',
    `${telemetryCsv} has no reading that was scored; it must be the telemetry that the scores were made from.`,
  );
}

/** @param context columns to keep beside the scores; those of the model where left out */
export async function scoreTelemetry(
  modelFolder: string,
  telemetryCsv: string,
  context: readonly string[] | null,
  onBytes: OnBytes,
): Promise<{ readonly scores: SensorScores[]; readonly context: readonly string[] }> {
  const artifact = await readModelFolder(modelFolder);
  const peers = await readPeers(artifact, telemetryCsv, onBytes);
  const scorer = new AnomalyScorer(artifact, () => peers);
  const kept = context ?? scorer.context;
  const columns = [...new Set([...scorer.channels, ...scorer.context, ...kept])];
  const keptAt = kept.map((name) => columns.indexOf(name));
  const builder = new ScoresBuilder(kept.length);
  const events = new Map<string, number>();
  for await (const rows of readTelemetryCsv(telemetryCsv, columns, onBytes)) {
    for (const { sensorId, observedAt, values } of rows) {
      const named = Object.fromEntries(
        columns.map((name, i) => [name, Number.isNaN(values[i]!) ? null : values[i]!]),
      );
      const scored = scorer.score(sensorId, new Date(observedAt), named);
      if (scored.transition === 'opened') events.set(sensorId, (events.get(sensorId) ?? 0) + 1);
      builder.add(
        sensorId,
        observedAt,
        scored.warmingUp ? NaN : scored.score,
        scored.anomalous ? String(events.get(sensorId) ?? 0) : null,
        keptAt.map((at) => values[at]!),
      );
    }
  }
  return { scores: builder.finish(), context: kept };
}
