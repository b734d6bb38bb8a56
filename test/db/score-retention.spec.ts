/** Scores go with the readings they speak of, and it is told that they are gone. */
import { beforeEach, describe, expect, it } from 'vitest';
import { SensorRepository } from '../../src/platform/storage/sensor-repository.ts';
import { ScoreRetention } from '../../src/platform/storage/score-retention.ts';
import { withTestDatabase } from '../support/test-database.ts';

/** One a day of 40 days, of two sensors; more than one commit deletes of the first. */
const DAYS = 40;
const MANY = 12_000;
const now = new Date('2026-06-01T00:00:00Z');
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000);

describe('scores that need not be kept', () => {
  const { database } = withTestDatabase();
  beforeEach(async () => {
    await database().query('TRUNCATE anomaly_score, peer_standing, retention');
    for (const sensorId of ['A', 'B']) {
      await new SensorRepository(database()).register([
        { lineId: 'L', towerId: 'T', sensorId, kind: 'impedance' },
      ]);
      await database().query(
        `INSERT INTO anomaly_score SELECT $1, $2::timestamptz - day * INTERVAL '1 day', 'v1', 0.5, false, '[]' FROM generate_series(1, $3::int) AS day`,
        [sensorId, now, DAYS],
      );
      await database().query(
        `INSERT INTO peer_standing (model_version, slot, sensor_id, peers, stored_at)
         SELECT 'v1', 1000 - day, $1, 0, $2::timestamptz - day * INTERVAL '1 day' FROM generate_series(1, $3::int) AS day`,
        [sensorId, now, DAYS],
      );
    }
  });

  const clear = (days: number, isStopping?: () => boolean) =>
    new ScoreRetention(database()).clear(daysAgo(days), isStopping);
  const oldest = async () => {
    const { rows } = await database().query<{
      score: Date;
      standing: Date;
      scores: string;
      standings: string;
    }>(
      `SELECT (SELECT min(observed_at) FROM anomaly_score) AS score, (SELECT count(*) FROM anomaly_score) AS scores,
              (SELECT min(stored_at) FROM peer_standing) AS standing, (SELECT count(*) FROM peer_standing) AS standings`,
    );
    return rows[0]!;
  };

  it('go with the standings of peers, of every sensor, and newer ones stay', async () => {
    expect(await clear(10)).toEqual([
      { relation: 'anomaly_score', before: daysAgo(10), deleted: 60 },
      { relation: 'peer_standing', before: daysAgo(10), deleted: 60 },
    ]);
    expect(await oldest()).toEqual({
      score: daysAgo(10),
      standing: daysAgo(10),
      scores: '20',
      standings: '20',
    });
    expect(await clear(10)).toEqual([]);
  });

  it('go in commits that are small, one after the other', async () => {
    await database().query(
      `INSERT INTO anomaly_score SELECT 'A', $1::timestamptz - INTERVAL '60 days' - at * INTERVAL '1 second', 'v1', 0.5, false, '[]' FROM generate_series(1, $2::int) AS at`,
      [now, MANY],
    );
    let asked = 0;
    const [scores] = await clear(50, () => ++asked > 1);
    expect(scores).toMatchObject({ deleted: 10_000 });
    expect((await oldest()).scores).toBe(String(2 * DAYS + MANY - 10_000));
    expect(await clear(50)).toMatchObject([{ deleted: MANY - 10_000 }]);
  });

  it('are known to be gone, also where a longer time is asked for later', async () => {
    const retention = new ScoreRetention(database());
    expect(await retention.clearedBefore()).toBeNull();
    await clear(10);
    await clear(30);
    expect(await retention.clearedBefore()).toEqual(daysAgo(10));
  });
});
