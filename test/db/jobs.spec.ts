import { setTimeout as sleep } from 'node:timers/promises';
import pino from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { BadInput, Unavailable } from '../../src/core/domain/failure.ts';
import { Jobs, type JobKind } from '../../src/platform/jobs/jobs.ts';
import { Metrics } from '../../src/platform/ops/metrics.ts';
import { withTestDatabase } from '../support/test-database.ts';
import { waitFor } from '../support/wait-for.ts';

interface Sum {
  readonly id: string;
}
const SUM: JobKind<Sum> = { queue: 'sum', retryLimit: 1, expireInSeconds: 60 };
const SIDE_BY_SIDE: JobKind<Sum> = { queue: 'side-by-side', retryLimit: 1, expireInSeconds: 60, atOnce: 2 };
const KEYED: JobKind<Sum> = { queue: 'keyed', retryLimit: 1, expireInSeconds: 60, key: ({ id }) => id };

describe('jobs', () => {
  const { database } = withTestDatabase();
  let jobs: Jobs;
  const start = async (onlyProcess = false) => {
    jobs = new Jobs(database(), pino({ level: 'silent' }), new Metrics());
    await jobs.start([SUM, SIDE_BY_SIDE, KEYED], onlyProcess);
    return jobs;
  };
  afterEach(async () => jobs.stop());
  const buried = async (id: string) =>
    (
      await database().query<{ cause: string; attempts: number }>(
        "SELECT cause, attempts FROM buried_job WHERE data ->> 'id' = $1",
        [id],
      )
    ).rows;

  it('exist only if the transaction that sent them commits', async () => {
    await start();
    await expect(
      database().transaction(async (client) => {
        await jobs.send(SUM, { id: 'rolled back' }, client);
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await jobs.pending(SUM.queue)).toBe(0);
  });

  it('are retried when a part was unavailable, and succeed', async () => {
    await start();
    let attempts = 0;
    jobs.work(SUM, async () => {
      attempts++;
      if (attempts === 1) throw new Unavailable('x', 'not yet');
      return Promise.resolve();
    });
    await jobs.send(SUM, { id: 'second try' });
    await waitFor(async () => attempts === 2 && (await jobs.pending(SUM.queue)) === 0);
    expect(await buried('second try')).toEqual([]);
  });

  it('are buried at once with their cause when no retry can help', async () => {
    await start();
    const told: string[] = [];
    jobs.work(
      SUM,
      () => Promise.reject(new BadInput('x', 'the picture is cut short')),
      ({ id }, cause) => Promise.resolve(void told.push(`${id}: ${cause}`)),
    );
    await jobs.send(SUM, { id: 'poison' });
    await waitFor(async () => (await buried('poison')).length > 0);
    expect(told).toEqual(['poison: the picture is cut short']);
    expect(await jobs.lastCause(SUM.queue)).toBe('the picture is cut short');
    expect(await buried('poison')).toEqual([{ cause: 'the picture is cut short', attempts: 1 }]);
  });

  it('are buried after the last retry', async () => {
    await start();
    jobs.work(SUM, () => Promise.reject(new Error('always')));
    await jobs.send(SUM, { id: 'hopeless' });
    await waitFor(async () => (await buried('hopeless')).length > 0);
    expect(await buried('hopeless')).toEqual([{ cause: 'always', attempts: 2 }]);
  });

  it('that a killed process had begun are taken up at the next start', async () => {
    await start();
    await jobs.send(SUM, { id: 'orphan' });
    await database().query(
      "UPDATE pgboss.job SET state = 'active', started_on = now() WHERE data ->> 'id' = 'orphan'",
    );
    await jobs.stop();
    await start(true);
    const seen: string[] = [];
    jobs.work(SUM, ({ id }) => Promise.resolve(void seen.push(id)));
    await waitFor(() => Promise.resolve(seen.includes('orphan')));
  });

  it('that wait are worked on one after the other without a rest, several at once where the kind allows', async () => {
    await start();
    const count = 30;
    for (let i = 0; i < count; i++) await jobs.send(SIDE_BY_SIDE, { id: String(i) });
    let [inWork, most, done] = [0, 0, 0];
    const begun = performance.now();
    jobs.work(SIDE_BY_SIDE, async () => {
      most = Math.max(most, ++inWork);
      await sleep(20);
      inWork--;
      done++;
    });
    await waitFor(() => Promise.resolve(done === count));
    expect(most).toBe(SIDE_BY_SIDE.atOnce);
    // A rest of half a second after each job would take 7.5 seconds.
    expect(performance.now() - begun).toBeLessThan(5_000);
  });

  it('in work when everything stops are handed back for another try', async () => {
    await start();
    await jobs.send(SUM, { id: 'long' });
    let begun = false;
    jobs.work(SUM, () => {
      begun = true;
      return new Promise(() => {});
    });
    await waitFor(() => Promise.resolve(begun));
    await jobs.stop(100);
    const { rows } = await database().query<{ state: string }>(
      "SELECT state FROM pgboss.job WHERE data ->> 'id' = 'long'",
    );
    expect(rows).toEqual([{ state: 'retry' }]);
  });

  it('with the same key wait once', async () => {
    await start();
    await jobs.send(KEYED, { id: 'tower 1' });
    await jobs.send(KEYED, { id: 'tower 1' });
    await jobs.send(KEYED, { id: 'tower 2' });
    expect(await jobs.pending(KEYED.queue)).toBe(2);
  });
});
