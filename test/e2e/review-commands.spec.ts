/** Review on the command line, each command as a process of its own. Needs a build, as the other tests of processes do. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isDrawnForSecondLook } from '../../src/core/domain/review.ts';
import { JOB_KINDS } from '../../src/platform/jobs/job-kinds.ts';
import { Jobs } from '../../src/platform/jobs/jobs.ts';
import { Metrics } from '../../src/platform/ops/metrics.ts';
import { box, KIND, ReviewedLook } from '../support/reviewed-look.ts';
import { runCommand } from '../support/run-command.ts';
import { withTestDatabase } from '../support/test-database.ts';

describe('review on the command line', () => {
  const { database, url } = withTestDatabase();
  let folder: string;
  let jobs: Jobs;
  let findingId = '';
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'review-commands-'));
    jobs = new Jobs(database(), pino({ level: 'silent' }), new Metrics());
    await jobs.start(JOB_KINDS, true);
    const look = new ReviewedLook(database(), jobs);
    // Ids are random, and decide who is asked for a second opinion; that is tested elsewhere.
    do {
      await look.clear();
      const [finding] = await look.analyse(await look.addImage(), [box('joint', 100), box(KIND, 110)]);
      findingId = finding!.finding_id;
    } while (isDrawnForSecondLook(findingId));
  });
  afterAll(async () => {
    await jobs.stop();
    await rm(folder, { recursive: true });
  });

  const run = async (...words: string[]) => {
    const environment = { DATABASE_URL: url(), DATA_DIR: path.join(folder, 'data') };
    const command = runCommand(['review', ...words], environment);
    return { code: await command.ended(), output: command.output(), errors: command.errors() };
  };

  it('lists what waits, for people and for programs', async () => {
    const listed = await run('list');
    expect(listed).toMatchObject({ code: 0 });
    expect(listed.output).toMatch(new RegExp(`${findingId} revision 1  L01/T01 +${KIND}, 90 %`));
    const { output } = await run('list', '--json');
    expect(JSON.parse(output)).toMatchObject({ findingId, revision: 1, kind: KIND, awaits: 'first' });
    expect((await run('list', '--line', 'L02')).output).toBe('Nothing waits for review.\n');
  });

  it('refuses a decision on what was not the finding any more, and one that says too little', async () => {
    const stale = await run(
      'decide',
      findingId,
      'rejected',
      '--as',
      'anna',
      '--revision',
      '7',
      '--reason',
      'x',
    );
    expect(stale.code).toBe(1);
    expect(stale.errors).toMatch(/revision/);
    const missing = await run('decide', findingId, 'reclassed', '--as', 'anna', '--revision', '1');
    expect(missing.code).toBe(2);
    expect(missing.errors).toMatch(/kind/);
    const unknown = await run('decide', findingId, 'perhaps', '--as', 'anna', '--revision', '1');
    expect(unknown.code).toBe(2);
    expect(unknown.errors).toMatch(/confirmed, rejected, reclassed/);
  });

  it('takes a decision, after which nothing waits', async () => {
    const decided = await run('decide', findingId, 'confirmed', '--as', 'anna', '--revision', '1');
    expect(decided).toMatchObject({ code: 0, output: `${KIND} on L01/T01 is confirmed by anna.\n` });
    expect((await run('list')).output).toBe('Nothing waits for review.\n');
  });
});
