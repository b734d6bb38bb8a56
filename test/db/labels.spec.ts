import { beforeEach, describe, expect, it } from 'vitest';
import { readPageRequest, toPage } from '../../src/core/domain/page.ts';
import { DeriveLabels } from '../../src/features/labels/derive-labels.ts';
import { FindingRepository } from '../../src/platform/storage/finding-repository.ts';
import { LabelRepository } from '../../src/platform/storage/label-repository.ts';
import { TrainingSnapshotRepository } from '../../src/platform/storage/training-snapshot-repository.ts';
import { withTestDatabase } from '../support/test-database.ts';

const KIND = 'failing_joint';
const TOWER = { lineId: 'L01', towerId: 'T01' };
const day = (n: number) => new Date(Date.UTC(2026, 0, n));

describe('labels in the database', () => {
  const { database } = withTestDatabase();
  const findings = () => new FindingRepository(database());
  const labels = () => new LabelRepository(database());
  const derive = () => new DeriveLabels(database(), findings(), labels()).run(TOWER);

  beforeEach(async () => {
    await database().query('TRUNCATE line CASCADE');
    await database().query(`INSERT INTO line VALUES ('L01', 'One')`);
    await database().query(`INSERT INTO tower VALUES ('T01', 'L01', 50, 8)`);
    await database().query(
      `INSERT INTO sensor VALUES ('Z1', 'L01', 'T01', 'impedance'), ('W1', 'L01', 'T01', 'weather')`,
    );
  });

  const look = async (n: number, outcome: 'clean' | 'defect') => {
    const flightId = `F${n}`;
    await database().query('INSERT INTO flight (flight_id, line_id) VALUES ($1, $2)', [flightId, 'L01']);
    await say(n, KIND, outcome, outcome === 'defect' ? 0.9 : 0.1);
  };
  const say = (n: number, kind: string, outcome: 'clean' | 'defect', probability: number, defectNumber = 1) =>
    findings().carryOut(
      database(),
      { ...TOWER, flightId: `F${n}`, inspectedAt: day(n), modelVersion: 'v1' },
      {
        insert: [
          { kind, outcome, probability, defectNumber, severity: null, height: null, imageIds: [], boxes: [] },
        ],
        update: [],
        grow: [],
        remove: [],
      },
    );
  const current = async () =>
    (await labels().current(database(), 'Z1', KIND)).map((row) => [
      row.state,
      row.from_at.getUTCDate(),
      row.to_at.getUTCDate(),
    ]);

  it('are derived for the impedance sensors of the tower and for no weather station', async () => {
    await look(3, 'clean');
    await derive();
    const { rows } = await database().query('SELECT DISTINCT sensor_id FROM label');
    expect(rows).toEqual([{ sensor_id: 'Z1' }]);
  });

  it('are withdrawn where the finding that they rest on is gone, and those beside them close the gap', async () => {
    await look(3, 'clean');
    await look(9, 'defect');
    await look(20, 'clean');
    await derive();
    await database().query(`DELETE FROM finding WHERE flight_id = 'F9'`);
    await derive();
    const withdrawn = [
      ['unknown', 9, 9],
      ['unknown', 9, 9],
      ['unknown', 20, 20],
    ];
    expect(await current()).toEqual([
      ['clean', 3, 3],
      ...withdrawn.slice(0, 2),
      ['clean', 3, 20],
      withdrawn[2],
    ]);
    await derive();
    expect(await current()).toHaveLength(5);
  });

  it('are not added again when nothing changed', async () => {
    await look(3, 'clean');
    await look(9, 'defect');
    await derive();
    await derive();
    expect(await current()).toEqual([
      ['clean', 3, 3],
      ['defect', 9, 9],
      ['unknown', 3, 9],
    ]);
  });

  it('are superseded, never changed, when a flight arrives late', async () => {
    await look(3, 'clean');
    await look(9, 'clean');
    await derive();
    await look(6, 'clean');
    await derive();
    expect(await current()).toEqual([
      ['clean', 3, 3],
      ['clean', 3, 6],
      ['clean', 6, 9],
    ]);
    const { rows } = await database().query(
      `SELECT from_at FROM label WHERE to_at = $1 ORDER BY created_at`,
      [day(9)],
    );
    expect(rows).toEqual([{ from_at: day(3) }, { from_at: day(6) }]);
  });

  it('are all listed, page by page, though one transaction made them in one instant', async () => {
    for (const n of [3, 6, 9, 12, 15]) await look(n, 'clean');
    await derive();
    const seen: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const request = readPageRequest('2', cursor);
      const rows = await labels().list(request, null);
      const page = toPage(
        rows,
        request,
        (row) => [row.created_at.toISOString(), row.label_id],
        (row) => row.label_id,
      );
      seen.push(...page.items);
      cursor = page.nextCursor;
    }
    expect(new Set(seen).size).toBe(5);
    expect(seen).toHaveLength(5);
  });

  it('give training the looks up to the cut-off and not the unknown spans', async () => {
    await look(3, 'clean');
    await look(9, 'defect');
    await look(20, 'defect');
    await derive();
    const seen = await new TrainingSnapshotRepository(database()).inspections(day(10));
    expect(seen.map((row) => [row.finding, row.inspected_at.getUTCDate(), row.probability])).toEqual([
      ['clean', 3, 0.1],
      ['defect', 9, 0.9],
    ]);
  });

  it('make one look of what a photograph said of several kinds', async () => {
    await look(3, 'clean');
    await say(3, 'broken_insulator', 'defect', 0.8);
    await derive();
    const looks = await new TrainingSnapshotRepository(database()).inspections(day(10));
    expect(looks).toEqual([
      {
        inspected_at: day(3),
        sensor_id: 'Z1',
        finding: 'defect',
        probability: 0.8,
        kind: 'broken_insulator',
      },
    ]);
  });

  it('say whose word they rest on when a person decided, and supersede what the rules said', async () => {
    await look(3, 'defect');
    await derive();
    await database().query(
      `UPDATE finding SET review_state = 'rejected', reviewed_by = 'anna', reviewed_at = now()`,
    );
    await derive();
    expect(await labels().current(database(), 'Z1', KIND)).toMatchObject([
      { state: 'clean', probability: 0, author: 'anna', source: 'person' },
    ]);
    const { rows } = await database().query('SELECT author, state FROM label ORDER BY created_at');
    expect(rows).toEqual([
      { author: 'label rules', state: 'defect' },
      { author: 'anna', state: 'clean' },
    ]);
  });

  it('follow a look whose last photograph was taken later than was known', async () => {
    await look(3, 'clean');
    await derive();
    await database().query('UPDATE finding SET inspected_at = $1', [day(4)]);
    await derive();
    expect(await current()).toEqual([['clean', 4, 4]]);
  });

  it('rest on all defects of one look at once', async () => {
    await look(3, 'defect');
    await say(3, KIND, 'defect', 0.95, 2);
    await derive();
    const now = await labels().current(database(), 'Z1', KIND);
    expect(now).toMatchObject([{ state: 'defect', probability: 0.95 }]);
    expect(now[0]!.finding_ids).toHaveLength(2);
  });

  it('are withdrawn where a person gave the finding another kind', async () => {
    await look(3, 'defect');
    await derive();
    await database().query(
      `UPDATE finding SET kind = 'bird_nest', review_state = 'reclassed', reviewed_by = 'anna'`,
    );
    await derive();
    expect(await current()).toEqual([['unknown', 3, 3]]);
    expect(await labels().current(database(), 'Z1', 'bird_nest')).toMatchObject([
      { state: 'defect', author: 'anna' },
    ]);
    const before = (await database().query('SELECT FROM label')).rows.length;
    await derive();
    expect((await database().query('SELECT FROM label')).rows).toHaveLength(before);
  });
});
