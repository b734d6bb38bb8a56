import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeSnapshot, type Snapshot } from '../../src/features/training/write-snapshot.ts';
import { TrainingSnapshotRepository } from '../../src/platform/storage/training-snapshot-repository.ts';
import { withTestDatabase } from '../support/test-database.ts';

const CUTOFF = new Date('2026-03-01T00:00:00Z');
const BEFORE = '2026-02-20T00:00:00Z';
const AFTER = '2026-03-02T00:00:00Z';

describe('the training snapshot', () => {
  const { database } = withTestDatabase();
  let folder = '';

  const snapshot = () => writeSnapshot(new TrainingSnapshotRepository(database()), CUTOFF, folder);
  const hashes = async ({ telemetryCsv, inspectionsCsv, sitesCsv }: Snapshot) =>
    Promise.all(
      [telemetryCsv, inspectionsCsv, sitesCsv].map(async (file) =>
        createHash('sha256')
          .update(await readFile(file))
          .digest('hex'),
      ),
    );
  const read = (sensorId: string, at: string, ohm: number) =>
    database().query(
      'INSERT INTO impedance_reading (sensor_id, observed_at, resistance_ohm) VALUES ($1, $2, $3)',
      [sensorId, at, ohm],
    );
  const label = (at: string, state: string, supersedes: string | null = null) =>
    database().query<{ label_id: string }>(
      `INSERT INTO label (sensor_id, kind, state, from_at, to_at, probability, finding_ids, author, source, supersedes)
       VALUES ('Z1', 'failing_joint', $1, $2, $2, 0.9, '{}', 'test', 'test', $3) RETURNING label_id`,
      [state, at, supersedes],
    );

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'spanwatch-snapshot-'));
    await database().query(`INSERT INTO line VALUES ('L01', 'One')`);
    await database().query(`INSERT INTO tower VALUES ('T01', 'L01', 50, 8)`);
    await database().query(
      `INSERT INTO sensor VALUES ('Z1', 'L01', 'T01', 'impedance'), ('Z2', 'L01', 'T01', 'impedance')`,
    );
    await read('Z2', BEFORE, 0.02);
    await read('Z1', BEFORE, 0.03);
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('is the same to the byte, whatever comes after the cut-off', async () => {
    await label(BEFORE, 'clean');
    const first = await hashes(await snapshot());
    await read('Z1', AFTER, 0.9);
    await label(AFTER, 'defect');
    const again = await snapshot();
    expect(await hashes(again)).toEqual(first);
    expect(again).toMatchObject({ readings: 2, looks: 1 });
    expect(await readFile(again.sitesCsv, 'utf8')).toBe('sensor_id,site,tower_id\nZ1,L01,T01\nZ2,L01,T01\n');
  });

  it('takes a correction for what it corrects, and tells by its hash', async () => {
    const { rows } = await label('2026-02-21T00:00:00Z', 'defect');
    const before = await snapshot();
    const [, was] = await hashes(before);
    await label('2026-02-21T00:00:00Z', 'clean', rows[0]!.label_id);
    const after = await snapshot();
    const [, is] = await hashes(after);
    expect(after.looks).toBe(before.looks);
    expect(is).not.toBe(was);
    expect(await readFile(after.inspectionsCsv, 'utf8')).not.toContain('defect');
  });
});
