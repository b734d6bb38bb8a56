/** Alert rules over simulated incidents in a real database: when each fires, when it ends, and when it stays silent. */
import { beforeEach, describe, expect, it } from 'vitest';
import { anomaly } from '../../dashboards/alerts/anomaly.ts';
import { ingestAway, sessionLost } from '../../dashboards/alerts/broker-session.ts';
import { disk } from '../../dashboards/alerts/disk.ts';
import { ingestStalled } from '../../dashboards/alerts/ingest-stalled.ts';
import { jobFailures } from '../../dashboards/alerts/job-failures.ts';
import { modelStale, scoringBehind } from '../../dashboards/alerts/model.ts';
import { poisonFlood } from '../../dashboards/alerts/poison-flood.ts';
import { sectionSilent } from '../../dashboards/alerts/section-silent.ts';
import { backTest, minute, type BackTest } from '../support/back-test.ts';
import { withTestDatabase } from '../support/test-database.ts';

const { database } = withTestDatabase();
const run = (text: string, values: unknown[] = []) => database().query(text, values);

/** Line L with towers T1 to T3, a sensor each. */
beforeEach(async () => {
  await run(
    'TRUNCATE line, tower, sensor, flight, finding, anomaly_event, anomaly_score, scorer_state, model_version, impedance_reading, rejected_message, rejected_batch, buried_job, ingest_session CASCADE',
  );
  await run(`INSERT INTO line (line_id, name) VALUES ('L', 'Line L')`);
  await run(`INSERT INTO tower (line_id, tower_id) SELECT 'L', 'T' || n FROM generate_series(1, 3) AS n`);
  await run(
    `INSERT INTO sensor (sensor_id, line_id, tower_id, kind) SELECT 'S' || n, 'L', 'T' || n, 'impedance' FROM generate_series(1, 3) AS n`,
  );
});

/** Every ten minutes each sensor reports, save those that are silent at that minute. */
async function report(at: number, isSilent: (sensor: string) => boolean = () => false): Promise<void> {
  if (at % 10 !== 0) return;
  for (const sensor of ['S1', 'S2', 'S3'].filter((each) => !isSilent(each))) {
    await run(
      'INSERT INTO impedance_reading (sensor_id, observed_at, received_at, load_ampere) VALUES ($1, $2, $2, 100)',
      [sensor, minute(at)],
    );
  }
}

/** Reports of the two hours before the incident. */
async function reportBefore(): Promise<void> {
  for (let at = -120; at < 0; at += 10) await report(at);
}

async function openEvent(tower: string, at: number, peak: number): Promise<void> {
  const channels = JSON.stringify([
    {
      channel: 'resistance_ohm',
      observed: 0.0231,
      expected: 0.022,
      lower: 0.021,
      upper: 0.0225,
      deviation: 9.5,
    },
  ]);
  await run(
    `INSERT INTO anomaly_score (sensor_id, observed_at, model_version, score, anomalous, channels) VALUES ($1, $2, 'v1', $3, true, $4)`,
    [tower.replace('T', 'S'), minute(at), peak, channels],
  );
  await run(
    `INSERT INTO anomaly_event (sensor_id, line_id, tower_id, kind, opened_at, updated_at, peak_score, model_version, reasons)
     VALUES ($1, 'L', $2, 'failing_joint', $3, $3, $4, 'v1', '{}')`,
    [tower.replace('T', 'S'), tower, minute(at), peak],
  );
}

const closeEvents = (at: number) =>
  run('UPDATE anomaly_event SET closed_at = $1 WHERE closed_at IS NULL', [minute(at)]);

function only({ changes }: BackTest): readonly [labels: string, history: string[]] {
  expect(changes.size).toBe(1);
  const [[labels, history] = ['', []]] = changes;
  return [labels, history.map(({ minute: at, state }) => `${at} ${state}`)];
}

describe('an anomaly', () => {
  it('fires after its wait, once an event, and ends when the event is closed', async () => {
    const result = await backTest(database(), anomaly('critical'), 60, async (at) => {
      if (at === 10) await openEvent('T2', 10, 0.95);
      // Each reading updates the event; the alert stays the same one.
      if (at > 10 && at < 40 && at % 5 === 0) {
        await run(`UPDATE anomaly_event SET updated_at = $1, peak_score = peak_score + 0.001, reasons = $2`, [
          minute(at),
          { sentence: `minute ${at}` },
        ]);
      }
      if (at === 40) await closeEvents(40);
    });
    const [labels, history] = only(result);
    expect(history).toEqual(['10 pending', '12 firing', '40 recovering', '50 normal']);
    expect(labels).toContain('line=L tower=T2 sensor=S2 kind=failing_joint');
    expect(labels).toContain('since=2026-03-02 00:10 UTC');
    expect(labels).toContain('why=resistance_ohm +5.0 % from expected, +9.5 standard deviations');
    expect(result.quiet.filter((each) => each.includes('event=none')).length).toBeGreaterThanOrEqual(2);
  });

  it.each([
    [0.95, 'critical', ['0 pending', '2 firing']],
    [0.75, 'major', ['0 pending', '10 firing']],
    [0.6, 'minor', ['0 pending', '30 firing']],
  ] as const)('of probability %d is %s, and of no other severity', async (peak, severity, history) => {
    await openEvent('T1', 0, peak);
    for (const each of ['critical', 'major', 'minor'] as const) {
      const result = await backTest(database(), anomaly(each), 35, () => {});
      if (each === severity) expect(only(result)[1]).toEqual(history);
      else expect(result.changes.size).toBe(0);
    }
  });

  it('that grows worse goes on under its new severity and ends under the old one', async () => {
    const grow = async (at: number) => {
      if (at === 0) await openEvent('T1', 0, 0.75);
      if (at === 30) await run('UPDATE anomaly_event SET peak_score = 0.92');
    };
    const major = await backTest(database(), anomaly('major'), 60, grow);
    expect(only(major)[1]).toEqual(['0 pending', '10 firing', '30 recovering', '40 normal']);
    await run('UPDATE anomaly_event SET peak_score = 0.75');
    const critical = await backTest(database(), anomaly('critical'), 60, (at) =>
      at > 0 ? grow(at) : undefined,
    );
    expect(only(critical)[1]).toEqual(['30 pending', '32 firing']);
  });

  it('is critical whatever its probability once a drone sees the defect, and no more when a person refuses it', async () => {
    await run(`INSERT INTO flight (flight_id, line_id) VALUES ('F', 'L')`);
    const result = await backTest(database(), anomaly('critical'), 60, async (at) => {
      if (at === 0) await openEvent('T1', 0, 0.6);
      if (at === 20) {
        await run(
          `INSERT INTO finding (line_id, tower_id, flight_id, kind, outcome, probability, inspected_at, image_ids, model_version)
           VALUES ('L', 'T1', 'F', 'failing_joint', 'defect', 0.8, $1, '{}', 'd1')`,
          [minute(20)],
        );
      }
      if (at === 40) await run(`UPDATE finding SET review_state = 'rejected'`);
    });
    expect(only(result)[1]).toEqual(['20 pending', '22 firing', '40 recovering', '50 normal']);
  });

  it('does not fire for an event that is gone before its wait is over', async () => {
    const result = await backTest(database(), anomaly('major'), 30, async (at) => {
      if (at === 5) await openEvent('T1', 5, 0.75);
      if (at === 12) await closeEvents(12);
    });
    expect(only(result)[1]).toEqual(['5 pending', '12 normal']);
  });
});

describe('a silent section', () => {
  beforeEach(reportBefore);

  it('fires for its tower alone, 46 minutes after its last reading, and ends with the next one', async () => {
    const result = await backTest(database(), sectionSilent, 150, (at) =>
      report(at, (sensor) => sensor === 'S2' && at > 30 && at < 120),
    );
    const [labels, history] = only(result);
    expect(labels).toBe('line=L tower=T2');
    // Due at 40, overdue by more than 30 at 71, five minutes long.
    expect(history).toEqual(['71 pending', '76 firing', '120 normal']);
    expect(result.quiet).toEqual(['line=L tower=T1', 'line=L tower=T3']);
  });

  it('stays silent while one sensor of the tower still reports, and over two missed readings', async () => {
    await run(
      `INSERT INTO sensor (sensor_id, line_id, tower_id, kind) VALUES ('S2b', 'L', 'T2', 'impedance')`,
    );
    const result = await backTest(database(), sectionSilent, 120, async (at) => {
      await report(
        at,
        (sensor) => (sensor === 'S2' && at > 30) || (sensor === 'S3' && (at === 40 || at === 50)),
      );
      if (at % 10 === 0) {
        await run('INSERT INTO impedance_reading (sensor_id, observed_at, received_at) VALUES ($1, $2, $2)', [
          'S2b',
          minute(at),
        ]);
      }
    });
    expect(result.changes.size).toBe(0);
  });
});

describe('stalled ingest', () => {
  beforeEach(reportBefore);

  it('fires half an hour after the last reading of all, and ends when they come again', async () => {
    const result = await backTest(database(), ingestStalled, 120, (at) =>
      report(at, () => at > 20 && at < 80),
    );
    expect(only(result)).toEqual(['sensors=all', ['51 pending', '53 firing', '80 normal']]);
  });

  it('stays silent while any sensor reports', async () => {
    const result = await backTest(database(), ingestStalled, 120, (at) =>
      report(at, (sensor) => sensor !== 'S1' && at > 20),
    );
    expect(result.changes.size).toBe(0);
  });
});

describe('sessions at the broker', () => {
  const tell = (
    session: string,
    at: number,
    state: string,
    changedAt: number,
    lostAt: number | null = null,
  ) =>
    run(
      `INSERT INTO ingest_session (client_id, broker, state, changed_at, told_at, unacknowledged_messages, losses, lost_at)
       VALUES ($1, 'mqtt:1883', $2, $3, $4, 0, 0, $5)
       ON CONFLICT (client_id) DO UPDATE SET state = EXCLUDED.state, changed_at = EXCLUDED.changed_at, told_at = EXCLUDED.told_at,
         lost_at = coalesce(EXCLUDED.lost_at, ingest_session.lost_at)`,
      [session, state, minute(changedAt), minute(at), lostAt === null ? null : minute(lostAt)],
    );

  it('fires for the process that is cut off and for the one that died, not for those that listen or were stopped', async () => {
    const result = await backTest(database(), ingestAway, 60, async (at) => {
      const isCutOff = at >= 10 && at < 30;
      await tell('cut-off', at, isCutOff ? 'disconnected' : 'listening', isCutOff ? 10 : 30);
      if (at < 20 || at >= 50) await tell('died', at, 'listening', 0);
      if (at <= 5) await tell('stopped', at, at < 5 ? 'listening' : 'stopped', at);
      await tell('well', at, 'listening', 0);
    });
    const of = (session: string) =>
      result.changes
        .get(`session=${session} broker=mqtt:1883`)
        ?.map((each) => `${each.minute} ${each.state}`);
    expect(of('cut-off')).toEqual(['14 pending', '16 firing', '30 normal']);
    expect(of('died')).toEqual(['23 pending', '25 firing', '50 normal']);
    expect(result.changes.size).toBe(2);
  });

  it('fires once for a session that the broker forgot, and for an hour', async () => {
    const result = await backTest(database(), sessionLost, 90, async (at) => {
      await tell('forgotten', at, 'listening', 0, at === 12 ? 12 : null);
      await tell('kept', at, 'listening', 0);
    });
    expect(only(result)).toEqual(['session=forgotten broker=mqtt:1883', ['12 firing', '72 normal']]);
    expect(result.quiet).toContain('session=kept broker=mqtt:1883');
  });
});

describe('a flood of rejected messages', () => {
  let count = 0;
  const reject = (at: number, messages: number) =>
    run(
      `INSERT INTO rejected_message (received_at, topic, payload, reason, reason_code, content_sha256)
       SELECT $1, 't', '\\x00', 'The payload is not JSON.', 'payload-not-json', sha256(($3::int + n)::text::bytea)
         FROM generate_series(1, $2::int) AS n`,
      [minute(at), messages, (count += 100_000)],
    );

  it('fires with its reason, does not flap about its threshold, and ends when the flood is over', async () => {
    const result = await backTest(database(), poisonFlood, 90, async (at) => {
      // From 10 on 100 a minute; from 30 on 50 and 70 by turns, about the threshold of 60; from 60 on none,
      // so that at 68 the window of ten minutes holds the 50 of minute 59: five a minute.
      if (at >= 10 && at < 30) await reject(at, 100);
      if (at >= 30 && at < 60) await reject(at, at % 2 ? 50 : 70);
    });
    expect(only(result)).toEqual([
      'reason=payload-not-json',
      ['16 pending', '18 firing', '68 recovering', '73 normal'],
    ]);
    expect(result.quiet).toEqual(['reason=put by, not read yet']);
  });

  it('fires while batches are put by that nobody has read', async () => {
    const result = await backTest(database(), poisonFlood, 30, async (at) => {
      if (at === 5)
        await run(`INSERT INTO rejected_batch (messages) SELECT '\\x00' FROM generate_series(1, 200)`);
      if (at === 20) await run('DELETE FROM rejected_batch');
    });
    expect(only(result)).toEqual([
      'reason=put by, not read yet',
      ['5 pending', '7 firing', '20 recovering', '25 normal'],
    ]);
  });

  it('stays silent over the few that every fleet has', async () => {
    const result = await backTest(
      database(),
      poisonFlood,
      60,
      (at) => void (at % 2 ? reject(at, 1) : undefined),
    );
    expect(result.changes.size).toBe(0);
  });
});

describe('work and models', () => {
  it('failed jobs fire at once and for an hour, with their queue', async () => {
    const result = await backTest(database(), jobFailures, 90, async (at) => {
      if (at !== 10) return;
      await run(
        `INSERT INTO buried_job (queue, data, cause, attempts, buried_at) VALUES ('detect', '{}', 'torn', 4, $1)`,
        [minute(10)],
      );
    });
    expect(only(result)).toEqual(['queue=detect', ['10 firing', '70 normal']]);
    expect(result.quiet).toEqual(['queue=any']);
  });

  const register = (ageDays: number) =>
    run(
      `INSERT INTO model_version (model, version, stage, manifest, folder, weights_sha256, registered_at)
       VALUES ('impedance-anomaly', 'v1', 'champion', '{}', '/none', 'none', $1::timestamptz - $2 * INTERVAL '1 day')`,
      [minute(0), ageDays],
    );

  it('an old model fires after half a year, and not a day before', async () => {
    await register(179);
    expect((await backTest(database(), modelStale, 120, () => {})).changes.size).toBe(0);
    await run('DELETE FROM model_version');
    await register(181);
    expect(only(await backTest(database(), modelStale, 120, () => {}))[1]).toEqual([
      '0 pending',
      '60 firing',
    ]);
  });

  it('scoring that stops fires after an hour of unscored readings, and ends when it has caught up', async () => {
    await register(1);
    await reportBefore();
    const score = (at: number) =>
      run(
        `INSERT INTO scorer_state (sensor_id, model_version, scored_until, state) SELECT sensor_id, 'v1', $1, '{}' FROM sensor
         ON CONFLICT (sensor_id, model_version) DO UPDATE SET scored_until = excluded.scored_until`,
        [minute(at)],
      );
    const result = await backTest(database(), scoringBehind, 150, async (at) => {
      await report(at);
      if (at <= 20 || at >= 110) await score(Math.floor(at / 10) * 10);
    });
    expect(only(result)[1]).toEqual(['90 pending', '100 firing', '110 normal']);
  });

  it('a database beyond its plan fires, and one within does not', async () => {
    expect(only(await backTest(database(), disk(0.001), 15, () => {}))[1]).toEqual([
      '0 pending',
      '10 firing',
    ]);
    expect((await backTest(database(), disk(1_000), 15, () => {})).changes.size).toBe(0);
  });
});
