/** What waits for a person comes in the order that docs/review.md states, and the counts of agreement are right. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import pino from 'pino';
import { JOB_KINDS } from '../../src/platform/jobs/job-kinds.ts';
import { Jobs } from '../../src/platform/jobs/jobs.ts';
import { Metrics } from '../../src/platform/ops/metrics.ts';
import { ReviewRepository } from '../../src/platform/storage/review-repository.ts';
import { box, KIND, LOOK, ReviewedLook } from '../support/reviewed-look.ts';
import { withTestDatabase } from '../support/test-database.ts';

const NOBODY = { person: null, line: null, limit: 50 };

describe('the review queue', () => {
  const { database } = withTestDatabase();
  let jobs: Jobs;
  let look: ReviewedLook;
  beforeAll(async () => {
    jobs = new Jobs(database(), pino({ level: 'silent' }), new Metrics());
    await jobs.start(JOB_KINDS, true);
    look = new ReviewedLook(database(), jobs);
  });
  afterAll(async () => jobs.stop());
  beforeEach(async () => {
    await look.clear();
    await database().query('TRUNCATE anomaly_event, scorer_state');
  });

  const queue = () => new ReviewRepository(database()).queue(NOBODY);
  const openEvent = (kind: string) =>
    database().query(
      `INSERT INTO anomaly_event (sensor_id, line_id, tower_id, kind, opened_at, updated_at, peak_score, model_version, reasons)
       VALUES ('Z1', 'L01', 'T01', $1, now() - INTERVAL '1 day', now(), 0.8, 'v1', '{}')`,
      [kind],
    );
  const scored = () =>
    database().query(
      `INSERT INTO scorer_state (sensor_id, model_version, scored_until, state) VALUES ('Z1', 'v1', now(), '{}')`,
    );
  const oneDefect = async (score: number) => {
    const [row] = await look.analyse(await look.addImage(), [box('joint', 100), box(KIND, 110, score)]);
    return row!;
  };

  it('asks first for what is least sure', async () => {
    const image = await look.addImage();
    await look.analyse(image, [box('joint', 0), box(KIND, 100, 0.95), box(KIND, 1000, 0.86)]);
    const rows = await queue();
    expect(rows.map((row) => row.probability)).toEqual([0.86, 0.95]);
    expect(rows[0]).toMatchObject({
      awaits: 'first',
      severity: 5,
      consequence: 5,
      disagrees: false,
      waiting: 2,
    });
    expect(rows[0]!.uncertainty).toBeCloseTo(4 * 0.86 * 0.14, 12);
    expect(rows[0]!.priority).toBeCloseTo(rows[0]!.uncertainty * 5, 3);
  });

  it('counts an open event twice, and half as much again where drone and sensors say different things', async () => {
    await oneDefect(0.9);
    await scored();
    expect((await queue())[0]).toMatchObject({ consequence: 6, disagrees: true });
    await openEvent(KIND);
    expect((await queue())[0]).toMatchObject({
      consequence: 8,
      disagrees: false,
      event_severity: 'critical',
    });
    await database().query('UPDATE anomaly_event SET kind = $1', ['broken_insulator']);
    expect((await queue())[0]).toMatchObject({ consequence: 12, disagrees: true });
  });

  it('has a clean look only where it was none too sure or sensors doubt it', async () => {
    await look.analyse(await look.addImage(), [box('joint', 100)]);
    expect(await queue()).toEqual([]);
    await openEvent(KIND);
    expect(await queue()).toMatchObject([
      { outcome: 'clean', disagrees: true, consequence: 9, uncertainty: 0.1 },
    ]);
    await database().query('UPDATE anomaly_event SET closed_at = now()');
    await look.analyse((await look.all())[0]!.image_ids[0]!, [box('joint', 100), box(KIND, 110, 0.5)]);
    expect(await queue()).toMatchObject([{ outcome: 'clean', uncertainty: 1 }]);
  });

  it('doubles what has waited for a week', async () => {
    await oneDefect(0.9);
    const [now] = await queue();
    await database().query(`UPDATE finding SET waiting_since = now() - INTERVAL '7 days'`);
    const [later] = await queue();
    expect(later!.priority / now!.priority).toBeCloseTo(2, 4);
  });

  it('names a revision that stays while nothing new is seen, and goes up with every change', async () => {
    const row = await oneDefect(0.9);
    const again = () => look.analyse(row.image_ids[0]!, [box('joint', 100), box(KIND, 110, 0.9)]);
    expect(await again()).toMatchObject([{ finding_id: row.finding_id, revision: 1 }]);
    const moved = await look.analyse(row.image_ids[0]!, [box('joint', 100), box(KIND, 120, 0.9)]);
    expect(moved).toMatchObject([{ finding_id: row.finding_id, revision: 2 }]);
    expect(moved[0]!.waiting_since).toEqual(row.waiting_since);
  });

  it('counts pairs of first and blind second opinions of different people', async () => {
    const row = await oneDefect(0.9);
    const reviews = new ReviewRepository(database());
    const say = (reviewer: string, decision: 'confirmed' | 'rejected', is_blind: boolean) =>
      reviews.addOpinion(database(), {
        findingId: row.finding_id,
        revision: 1,
        decision,
        reviewer,
        reason: null,
        kind_before: KIND,
        kind_after: KIND,
        is_blind,
      });
    await say('anna', 'confirmed', false);
    await say(' Anna', 'rejected', true);
    expect(await reviews.agreement(null, null)).toEqual([]);
    await say('ben', 'rejected', false);
    expect(await reviews.agreement(null, null)).toEqual([]);
    await say('cleo', 'rejected', true);
    expect(await reviews.agreement(null, null)).toEqual([{ first: KIND, second: 'no defect', count: 1 }]);
    expect(await reviews.agreement(new Date(Date.now() + 60_000), null)).toEqual([]);
  });

  it('keeps what was said: the logs can not be rewritten', async () => {
    await oneDefect(0.9);
    await database().query(
      `INSERT INTO box_review (image_id, decision, category, x_px, y_px, width_px, height_px, reviewer)
       SELECT image_id, 'added', 'joint', 1, 2, 3, 4, 'anna' FROM image`,
    );
    await expect(database().query(`UPDATE box_review SET reviewer = 'ben'`)).rejects.toThrow('is a log');
    const { rows } = await database().query(`SELECT * FROM annotation WHERE detection_id IS NULL`);
    expect(rows).toMatchObject([{ state: 'confirmed', score: null, reviewed_by: 'anna', width_px: 3 }]);
  });

  it('looks at the tower as its worst finding that stands', async () => {
    const image = await look.addImage();
    const [first, second] = await look.analyse(image, [
      box('joint', 0),
      box(KIND, 100, 0.95),
      box(KIND, 1000, 0.86),
    ]);
    const tower = async () =>
      (
        await database().query('SELECT shows_defect, probability FROM tower_look WHERE tower_id = $1', [
          LOOK.towerId,
        ])
      ).rows;
    const refuse = (findingId: string) =>
      database().query(`UPDATE finding SET review_state = 'rejected' WHERE finding_id = $1`, [findingId]);
    expect(await tower()).toEqual([{ shows_defect: true, probability: 0.95 }]);
    await refuse(first!.finding_id);
    expect(await tower()).toEqual([{ shows_defect: true, probability: 0.86 }]);
    await refuse(second!.finding_id);
    expect(await tower()).toMatchObject([{ shows_defect: false }]);
  });
});
