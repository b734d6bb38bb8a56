/** Scores a file of telemetry in two passes: where sensors stand beside each other, then the scores. */
import { open, stat } from 'node:fs/promises';
import { AnomalyScorer } from '../../catalogue/models/impedance-anomaly/anomaly-scorer.ts';
import type { ProgressListener } from '../../core/domain/progress.ts';
import { readModelFolder } from '../../platform/blobs/model-folder.ts';
import { readSites } from '../../platform/csv/read-sites.ts';
import { readTelemetryCsv } from '../../platform/csv/telemetry-csv.ts';
import { readPeers } from './read-peers.ts';

export interface ScoreCsvOptions {
  readonly model: string;
  readonly telemetryCsv: string;
  readonly out: string;
  /** Where sensors stand that training did not know; those of one site are compared. */
  readonly sitesCsv?: string;
}

export interface ScoreSummary {
  readonly readings: number;
  readonly sensors: number;
  readonly anomalousReadings: number;
  readonly events: number;
  /** Sensors that the model did not go on with from its training, but had to get to know first. */
  readonly startedAfresh: number;
}

/**
 * Every sensor whose first reading comes after the model's training goes on from there; any other starts
 * afresh, so that no score uses anything later than its reading.
 */
export async function scoreCsv(options: ScoreCsvOptions, progress: ProgressListener): Promise<ScoreSummary> {
  const artifact = await readModelFolder(options.model);
  const sites = options.sitesCsv === undefined ? null : (await readSites(options.sitesCsv)).sites;
  const { size } = await stat(options.telemetryCsv).catch(() => ({ size: 1 }));
  const peers = await readPeers(
    artifact,
    options.telemetryCsv,
    (done) => progress({ stage: 'comparing sensors', done, total: size }),
    sites === null ? undefined : (sensorId) => sites.get(sensorId) ?? '',
  );
  const scorer = new AnomalyScorer(artifact, () => peers);
  const columns = [...scorer.channels, ...scorer.context];
  const openEvents = new Map<string, string>();
  const seen = new Set<string>();
  let [readings, anomalousReadings, events, startedAfresh] = [0, 0, 0, 0];
  const batches = readTelemetryCsv(options.telemetryCsv, columns, (done) =>
    progress({ stage: 'scoring', done, total: size }),
  );
  // The first batch is read before the output is opened: a wrong input leaves no file behind.
  let batch = await batches.next();
  const file = await open(options.out, 'w');
  try {
    await file.write('observed_at,sensor_id,score,anomalous,event_id\n');
    for (; !batch.done; batch = await batches.next()) {
      let text = '';
      for (const { sensorId, observedAt, values } of batch.value) {
        const at = new Date(observedAt);
        if (!seen.has(sensorId) && !scorer.continues(sensorId, at)) startedAfresh++;
        seen.add(sensorId);
        const scored = scorer.score(sensorId, at, byName(columns, values));
        if (scored.transition === 'opened') {
          events++;
          openEvents.set(sensorId, `${sensorId}@${at.toISOString()}`);
        }
        if (!scored.anomalous) openEvents.delete(sensorId);
        readings++;
        if (scored.anomalous) anomalousReadings++;
        const event = openEvents.get(sensorId) ?? '';
        const flag = scored.anomalous ? 1 : 0;
        text += `${at.toISOString()},${quote(sensorId)},${scored.score.toFixed(6)},${flag},${quote(event)}\n`;
      }
      await file.write(text);
    }
  } finally {
    await file.close();
  }
  return { readings, sensors: seen.size, anomalousReadings, events, startedAfresh };
}

function byName(columns: readonly string[], values: Float64Array): Record<string, number | null> {
  const named: Record<string, number | null> = {};
  for (let i = 0; i < columns.length; i++) named[columns[i]!] = Number.isNaN(values[i]!) ? null : values[i]!;
  return named;
}

function quote(cell: string): string {
  return /[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
