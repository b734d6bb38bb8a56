/** Scores readings with the champion, in order, exactly once, and keeps the anomaly events. */
import { AnomalyScorer } from '../../catalogue/models/impedance-anomaly/anomaly-scorer.ts';
import type { ScoredReading } from '../../core/domain/anomaly.ts';
import { readModelFolder } from '../../platform/blobs/model-folder.ts';
import type { Logger } from '../../platform/ops/logger.ts';
import type { Metrics } from '../../platform/ops/metrics.ts';
import type { AnomalyEventRepository } from '../../platform/storage/anomaly-event-repository.ts';
import type {
  AnomalyScoreRepository,
  ScoreRow,
  UnscoredReading,
} from '../../platform/storage/anomaly-score-repository.ts';
import type { Database, Queryable } from '../../platform/storage/database.ts';
import type { ModelVersionRepository } from '../../platform/storage/model-version-repository.ts';
import type { PeerStandingRepository } from '../../platform/storage/peer-standing-repository.ts';
import { explain } from './explain.ts';
import { namedValues } from './named-values.ts';
import { StoredPeers } from './stored-peers.ts';

/** Readings a transaction: large enough to catch up fast, small enough to stop quickly. */
const BATCH_READINGS = 2_000;
/** How long a reading waits for the weather of its line. */
const WEATHER_GRACE_SECONDS = 30;
/** Two workers take turns: only one scores at a time. */
const ADVISORY_LOCK = 7_262_002;

interface LoadedScorer {
  readonly version: string;
  readonly scorer: AnomalyScorer;
  readonly peers: StoredPeers;
  readonly trainedUntil: ReadonlyMap<string, Date>;
  /** Where the scorer in memory stands; another worker may have gone further in the database. */
  readonly scoredUntil: Map<string, number>;
}

export class Scoring {
  private loaded: LoadedScorer | null = null;

  constructor(
    private readonly database: Database,
    private readonly scores: AnomalyScoreRepository,
    private readonly events: AnomalyEventRepository,
    private readonly standings: PeerStandingRepository,
    private readonly versions: ModelVersionRepository,
    private readonly metrics: Metrics,
    private readonly logger: Logger,
  ) {}

  /**
   * Scores one batch; scores, events and the scorer's state become visible together or not at all.
   *
   * @returns how many readings were scored; 0 when there are none, no champion, or another worker's turn
   */
  async scoreBatch(): Promise<number> {
    try {
      return await this.database.transaction(async (client) => {
        const { rows } = await client.query<{ mine: boolean }>(
          'SELECT pg_try_advisory_xact_lock($1) AS mine',
          [ADVISORY_LOCK],
        );
        return rows[0]?.mine ? await this.scoreHoldingLock(client) : 0;
      });
    } catch (error) {
      // What the scorer learned from a batch that was rolled back must be forgotten.
      this.loaded = null;
      throw error;
    }
  }

  private async scoreHoldingLock(client: Queryable): Promise<number> {
    const loaded = await this.load();
    if (!loaded) return 0;
    const { version, scorer, peers, trainedUntil, scoredUntil } = loaded;
    const readings = await this.scores.unscored(version, trainedUntil, BATCH_READINGS, WEATHER_GRACE_SECONDS);
    if (readings.length === 0) return 0;
    await peers.prepare(client, readings, (observedAt) => scorer.slotOf(observedAt));
    const scores: ScoreRow[] = [];
    for (const reading of readings) {
      const { sensor_id: sensorId, observed_at: observedAt } = reading;
      if (observedAt.getTime() <= (scoredUntil.get(sensorId) ?? -Infinity)) continue;
      const scored = scorer.score(sensorId, observedAt, namedValues(reading, scorer));
      scoredUntil.set(sensorId, observedAt.getTime());
      scores.push({ sensorId, observedAt, scored });
      if (scored.transition) await this.keepEvent(client, reading, scored, version);
    }
    await this.scores.storeScores(client, version, scores);
    await this.standings.store(client, version, peers.takeEntered());
    const moved = [...new Set(scores.map((row) => row.sensorId))];
    await this.scores.storePositions(
      client,
      version,
      moved.map((sensorId) => ({
        sensor_id: sensorId,
        scored_until: new Date(scoredUntil.get(sensorId) ?? 0),
        state: scorer.exportState(sensorId),
      })),
    );
    this.metrics.readingsScored.inc(scores.length);
    this.metrics.openEvents.set(await this.events.countOpen());
    return scores.length;
  }

  private async keepEvent(
    client: Queryable,
    reading: UnscoredReading,
    scored: ScoredReading,
    modelVersion: string,
  ): Promise<void> {
    const { sensor_id: sensorId, line_id: lineId, tower_id: towerId, observed_at: observedAt } = reading;
    if (scored.transition === 'closed') {
      await this.events.closeEvent(client, sensorId, observedAt);
      this.logger.info({ sensorId, observedAt }, 'anomaly event closed');
      return;
    }
    const reasons = {
      sentence: explain(scored),
      channels: scored.channels,
      context: contextOf(reading, this.loaded?.scorer.context ?? []),
      lastLooks: await this.events.lastLook(client, lineId, towerId),
    };
    if (scored.transition === 'updated') {
      await this.events.updateEvent(client, sensorId, observedAt, scored.score, reasons);
      return;
    }
    await this.events.openEvent(client, {
      sensor_id: sensorId,
      line_id: lineId,
      tower_id: towerId,
      kind: scored.kind ?? 'anomaly',
      opened_at: observedAt,
      updated_at: observedAt,
      peak_score: scored.score,
      model_version: modelVersion,
      reasons,
    });
    this.logger.warn(
      { sensorId, towerId, lineId, observedAt, why: reasons.sentence },
      'anomaly event opened',
    );
  }

  private async load(): Promise<LoadedScorer | null> {
    const champion = await this.versions.champion('impedance-anomaly');
    if (!champion) return null;
    const positions = await this.scores.positions(champion.version);
    const current = this.loaded;
    const upToDate = positions.every(
      (row) => (current?.scoredUntil.get(row.sensor_id) ?? -Infinity) === row.scored_until.getTime(),
    );
    if (current?.version === champion.version && upToDate) return current;
    const { version } = champion;
    let peers: StoredPeers | undefined;
    const scorer = new AnomalyScorer(
      await readModelFolder(champion.folder),
      (size) => (peers = new StoredPeers(this.standings, version, size)),
    );
    for (const row of await this.scores.states(champion.version)) {
      scorer.importState(row.sensor_id, row.scored_until, row.state);
    }
    this.loaded = {
      version: champion.version,
      scorer,
      peers: peers!,
      trainedUntil: scorer.trainedUntil,
      scoredUntil: new Map(positions.map((row) => [row.sensor_id, row.scored_until.getTime()])),
    };
    this.logger.info({ version: champion.version, sensors: positions.length }, 'anomaly model loaded');
    return this.loaded;
  }
}

function contextOf(reading: UnscoredReading, columns: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(columns.map((column) => [column, reading[column] ?? null]));
}
