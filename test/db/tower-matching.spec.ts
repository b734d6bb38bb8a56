/** What a person says of a photograph's tower moves what the findings of both towers rest on. */
import { beforeEach, describe, expect, it } from 'vitest';
import pino from 'pino';
import { Conflict } from '../../src/core/domain/failure.ts';
import { planFindings } from '../../src/core/findings/plan-findings.ts';
import { TowerMatching } from '../../src/features/inspection/intake/tower-matching.ts';
import { DERIVE_LABELS, DETECT, JOB_KINDS } from '../../src/platform/jobs/job-kinds.ts';
import { Jobs } from '../../src/platform/jobs/jobs.ts';
import { Metrics } from '../../src/platform/ops/metrics.ts';
import { AssetRepository } from '../../src/platform/storage/asset-repository.ts';
import { FindingRepository } from '../../src/platform/storage/finding-repository.ts';
import { ImageMatchRepository } from '../../src/platform/storage/image-match-repository.ts';
import { ImageRepository } from '../../src/platform/storage/image-repository.ts';
import { withTestDatabase } from '../support/test-database.ts';

const TAKEN_AT = new Date('2026-07-01T10:00:00Z');

describe('the tower that a person sets', () => {
  const { database } = withTestDatabase();
  const images = () => new ImageRepository(database());
  let matching: TowerMatching;
  let jobs: Jobs | undefined;

  beforeEach(async () => {
    if (!jobs) {
      jobs = new Jobs(database(), pino({ level: 'silent' }), new Metrics());
      await jobs.start(JOB_KINDS, true);
    }
    const assets = new AssetRepository(database());
    matching = new TowerMatching(database(), images(), new ImageMatchRepository(), assets, jobs);
    await database().query('TRUNCATE line, image, flight CASCADE');
    await database().query('DELETE FROM pgboss.job');
    await database().query(`INSERT INTO line VALUES ('A', 'A'), ('B', 'B')`);
    await database().query(`INSERT INTO tower VALUES ('T1', 'A', 47, 8), ('T1', 'B', 47.0002, 8)`);
    return async () => {
      await jobs?.stop();
      jobs = undefined;
    };
  });

  const analysed = async (name: string): Promise<string> => {
    await images().registerFlight(database(), 'A-2026-07-01', 'A', TAKEN_AT);
    const camera = {
      takenAt: TAKEN_AT,
      takenAtSource: 'exif-offset' as const,
      utcOffsetMinutes: 0,
      cameraModel: null,
      latitudeDeg: 47.0001,
      longitudeDeg: 8,
      positionSigmaMetre: 0.02,
      rtkFlag: 50,
      relativeAltitudeMetre: 24,
      yawDeg: 180,
      yawSigmaDeg: 4,
      pitchDeg: 0,
      focalLength35Mm: 24,
      warnings: [],
      quality: { sharpness: 0.46, brightLuma: 180, burntShare: 0 },
      qualityFlags: [],
    };
    const file = {
      sha256: name,
      fileName: name,
      mediaType: 'image/jpeg',
      byteCount: 9,
      widthPx: 4000,
      heightPx: 3000,
    };
    const imageId = await images().add(database(), {
      ...camera,
      ...file,
      flightId: 'A-2026-07-01',
      match: {
        state: 'matched',
        tower: { lineId: 'A', towerId: 'T1', distanceMetre: 11 },
        probability: 0.95,
        candidates: [],
        view: null,
      },
    });
    await images().storeDetections(database(), imageId!, [], 'v1', 'space');
    return imageId!;
  };
  const findingOfA = (imageIds: string[]) =>
    new FindingRepository(database()).carryOut(
      database(),
      {
        lineId: 'A',
        towerId: 'T1',
        flightId: 'A-2026-07-01',
        inspectedAt: TAKEN_AT,
        modelVersion: 'v1',
      },
      planFindings([], [], ['broken_insulator'], new Map([['insulator', imageIds]])),
    );
  const queued = async () =>
    (
      await database().query<{ name: string; id: string | null; line: string | null }>(
        `SELECT name, data->>'imageId' AS id, data->>'lineId' AS line FROM pgboss.job WHERE state = 'created' ORDER BY name`,
      )
    ).rows;
  const toB = { tower: { lineId: 'B', towerId: 'T1' }, revision: 1, by: 'anna' };

  it('takes the flight along, and what can be seen of the tower is reckoned anew', async () => {
    const imageId = await analysed('one');
    const after = await matching.confirm(imageId, toB);
    expect(after).toMatchObject({
      line_id: 'B',
      flight_id: 'B-2026-07-01',
      match_state: 'confirmed',
      match_probability: 1,
      matched_by: 'anna',
      match_revision: 2,
    });
    expect(after.tower_distance_metre).toBeCloseTo(11.1, 0);
    expect(after.millimetre_per_pixel).toBeGreaterThan(1);
  });

  it('takes from the first tower what was found on that photograph alone', async () => {
    const imageId = await analysed('one');
    await findingOfA([imageId]);
    await matching.confirm(imageId, toB);
    expect((await database().query('SELECT FROM finding')).rows).toHaveLength(0);
    expect(await queued()).toEqual([
      { name: DERIVE_LABELS.queue, id: null, line: 'A' },
      { name: DETECT.queue, id: imageId, line: null },
    ]);
  });

  it('has the first tower looked at anew where other photographs show it', async () => {
    const [moved, other] = [await analysed('one'), await analysed('two')];
    await findingOfA([moved, other]);
    await matching.confirm(moved, toB);
    expect((await queued()).map(({ id }) => id).sort()).toEqual([moved, other].sort());
  });

  it('leaves alone what a person has reviewed', async () => {
    const imageId = await analysed('one');
    await findingOfA([imageId]);
    await database().query(`UPDATE finding SET review_state = 'confirmed'`);
    await matching.confirm(imageId, toB);
    expect((await database().query('SELECT FROM finding')).rows).toHaveLength(1);
  });

  it('changes nothing when the match was changed meanwhile', async () => {
    const imageId = await analysed('one');
    await matching.confirm(imageId, { ...toB, tower: null });
    const late = matching.confirm(imageId, toB);
    await expect(late).rejects.toBeInstanceOf(Conflict);
    await expect(late).rejects.toThrow('revision 2');
    expect((await images().find(imageId))?.tower_id).toBeNull();
  });
});
