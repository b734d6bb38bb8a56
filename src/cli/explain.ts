/** `spanwatch explain`: why an anomaly event was raised, and whether the stored data still say so. */
import { Command } from 'commander';
import { z } from 'zod';
import { BadInput } from '../core/domain/failure.ts';
import { describeEvent } from '../features/anomalies/describe-event.ts';
import { replayEvent, type EventReplay } from '../features/anomalies/replay-event.ts';
import { readModelFolder } from '../platform/blobs/model-folder.ts';
import { AnomalyEventRepository, type EventRow } from '../platform/storage/anomaly-event-repository.ts';
import type { Database } from '../platform/storage/database.ts';
import { ModelVersionRepository } from '../platform/storage/model-version-repository.ts';
import { PeerStandingRepository } from '../platform/storage/peer-standing-repository.ts';
import { ScoreRetention } from '../platform/storage/score-retention.ts';
import { ScoredReadingRepository } from '../platform/storage/scored-reading-repository.ts';
import { readSettings } from '../settings.ts';
import { lendDatabase } from './lend-database.ts';

interface ExplainOptions {
  readonly json: boolean;
}

export function explainCommand(): Command {
  return new Command('explain')
    .argument('<event>', 'id of the event, as /v1/anomaly-events and Grafana show it')
    .option('--json', 'print one line of JSON', false)
    .action(explain);
}

async function explain(eventId: string, { json }: ExplainOptions): Promise<void> {
  await lendDatabase(readSettings(), async (database) => {
    const known = z.uuid().safeParse(eventId).success;
    const event = known ? await new AnomalyEventRepository(database).find(eventId) : null;
    if (!event)
      throw new BadInput(
        'not-found',
        `There is no anomaly event ${eventId}; ask /v1/anomaly-events which there are.`,
      );
    const replay = await replayFrom(database, event);
    const text = json ? JSON.stringify(asJson(event, replay)) : describeEvent(event, replay).join('\n');
    process.stdout.write(`${text}\n`);
  });
}

/** Where the decision can not be run again: why not. What the event was raised for is told all the same. */
async function replayFrom(database: Database, event: EventRow): Promise<EventReplay | string> {
  const model = await new ModelVersionRepository(database).find('impedance-anomaly', event.model_version);
  const artifact = model && (await readModelFolder(model.folder).catch(() => null));
  if (!artifact) return 'the folder of this model version is gone or damaged';
  const { sensor_id: sensorId, model_version: version, opened_at: openedAt } = event;
  return replayEvent(event, artifact, {
    clearedBefore: await new ScoreRetention(database).clearedBefore(),
    batches: new ScoredReadingRepository(database).upTo(sensorId, version, openedAt),
    standings: await new PeerStandingRepository(database).ofSensor(sensorId, version),
  });
}

function asJson(event: EventRow, replay: EventReplay | string): object {
  return typeof replay === 'string'
    ? { ...event, replay: null, noReplayBecause: replay }
    : { ...event, replay };
}
