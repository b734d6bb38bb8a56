/** What is wrong with a photograph is told when it comes in, kept with it, and found again; it calls nothing sound. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pino from 'pino';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Detection } from '../../src/core/domain/detection.ts';
import { ignoreProgress } from '../../src/core/domain/progress.ts';
import { DetectImage } from '../../src/features/inspection/detect-image.ts';
import { UpdateFindings } from '../../src/features/inspection/update-findings.ts';
import { importImages } from '../../src/features/inspection/import-images.ts';
import { buildIntake } from '../../src/features/inspection/intake/build-intake.ts';
import type { ImageIntake } from '../../src/features/inspection/intake/image-intake.ts';
import type { LineInspector } from '../../src/features/inspection/line-inspector.ts';
import { renderPhotograph } from '../../src/features/simulation/render-photograph.ts';
import { BlobStore } from '../../src/platform/blobs/blob-store.ts';
import { JOB_KINDS } from '../../src/platform/jobs/job-kinds.ts';
import { Jobs } from '../../src/platform/jobs/jobs.ts';
import { Metrics } from '../../src/platform/ops/metrics.ts';
import { AssetRepository } from '../../src/platform/storage/asset-repository.ts';
import { FindingRepository } from '../../src/platform/storage/finding-repository.ts';
import { ImageRepository, type ImageFilter } from '../../src/platform/storage/image-repository.ts';
import { readSettings } from '../../src/settings.ts';
import { withTestDatabase } from '../support/test-database.ts';

const TOWER = { lineId: 'A', towerId: 'T1', latitudeDeg: 50, longitudeDeg: 8 };
const SEEN: Detection[] = [{ category: 'insulator', score: 0.95, bbox: [10, 10, 200, 60] }];

describe('the quality of a photograph', () => {
  const { database } = withTestDatabase();
  let folder = '';
  let intake: ImageIntake;
  let blobs: BlobStore;
  let jobs: Jobs;
  const images = () => new ImageRepository(database());

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'spanwatch-quality-'));
    blobs = new BlobStore(path.join(folder, 'blobs'));
    await blobs.prepare(true);
    jobs = new Jobs(database(), pino({ level: 'silent' }), new Metrics());
    await jobs.start(JOB_KINDS, true);
    intake = buildIntake(readSettings({}, {}), database(), blobs, jobs);
    await database().query(`INSERT INTO line VALUES ('A', 'A')`);
    await database().query(`INSERT INTO tower VALUES ('T1', 'A', 50, 8)`);
    await mkdir(path.join(folder, 'card'));
    for (const [name, bytes] of Object.entries(await makePhotographs())) {
      await writeFile(path.join(folder, 'card', name), bytes);
    }
  });
  afterAll(async () => {
    await jobs.stop();
    await rm(folder, { recursive: true });
  });

  const list = async (filter: ImageFilter) => {
    const rows = await images().list({ limit: 100, after: null }, filter);
    return rows.map((row) => row.file_name).sort();
  };

  it('is in the report of an import, file by file, a second time too', async () => {
    const bring = () => importImages(intake, path.join(folder, 'card'), 'F1', ignoreProgress);
    const byName = (a: { file: string }, b: { file: string }) => a.file.localeCompare(b.file);
    const poor = [
      { file: 'blurred.jpg', quality: ['blurred'] },
      { file: 'burnt.jpg', quality: ['over-exposed'] },
      { file: 'dark.jpg', quality: ['dark'] },
      { file: 'shaken.jpg', quality: ['blurred'] },
    ];
    const first = await bring();
    expect(first).toMatchObject({ stored: 5, known: 0, rejected: [] });
    expect([...first.poor].sort(byName)).toEqual(poor);
    const second = await bring();
    expect(second).toMatchObject({ stored: 0, known: 5 });
    expect([...second.poor].sort(byName)).toEqual(poor);
  });

  it('narrows the list of photographs', async () => {
    expect(await list({ quality: 'good' })).toEqual(['sound.jpg']);
    expect(await list({ quality: 'poor' })).toEqual(['blurred.jpg', 'burnt.jpg', 'dark.jpg', 'shaken.jpg']);
    expect(await list({ quality: 'blurred' })).toEqual(['blurred.jpg', 'shaken.jpg']);
    expect(await list({ quality: 'dark', state: 'analysed' })).toEqual([]);
    expect(await list({})).toHaveLength(5);
  });

  it('lets a sound photograph call the tower clean, and a blurred one say nothing of it', async () => {
    const inspected = {
      detections: SEEN,
      defectKinds: ['broken_insulator'],
      modelVersion: 'v',
      embeddingSpace: 's',
    };
    const inspector = { inspect: () => Promise.resolve(inspected) } as unknown as LineInspector;
    const findings = new FindingRepository(database());
    const update = new UpdateFindings(images(), findings, new AssetRepository(database()), jobs);
    const detect = new DetectImage(database(), images(), update, blobs, inspector, new Metrics());
    const look = async (fileName: string) => {
      const { rows } = await database().query<{ image_id: string }>(
        `UPDATE image SET line_id = 'A', tower_id = 'T1', flight_id = $2 WHERE file_name = $1 RETURNING image_id`,
        [fileName, 'F1'],
      );
      await detect.run({ imageId: rows[0]!.image_id });
      return (await database().query('SELECT kind, outcome FROM finding')).rows;
    };
    expect(await look('blurred.jpg')).toEqual([]);
    expect(await list({ quality: 'blurred', state: 'analysed' })).toEqual(['blurred.jpg']);
    expect(await look('sound.jpg')).toEqual([{ kind: 'broken_insulator', outcome: 'clean' }]);
  });
});

/** One scene, taken well and spoiled in four ways. */
async function makePhotographs(): Promise<Record<string, Buffer>> {
  const request = { seed: 3, insulatorDefect: false, jointDefect: false, takenAt: new Date('2026-05-01') };
  const { jpeg } = await renderPhotograph({ ...request, ...TOWER });
  const line = Array.from({ length: 3 * 15 }, (_, i) => (Math.floor(i / 15) === 1 ? 1 : 0));
  const spoiled = {
    'blurred.jpg': sharp(jpeg).blur(4),
    'shaken.jpg': sharp(jpeg).convolve({ width: 15, height: 3, kernel: line }),
    'dark.jpg': sharp(jpeg).linear(0.08, 0),
    'burnt.jpg': sharp(jpeg).linear(6, 0),
  };
  const files: Record<string, Buffer> = { 'sound.jpg': jpeg };
  for (const [name, picture] of Object.entries(spoiled)) files[name] = await picture.jpeg().toBuffer();
  return files;
}
