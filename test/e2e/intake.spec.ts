/** The doors of intake: what is accepted is there to stay, once, and finds its tower or a person. */
import { appendFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { Upload, type PreviousUpload } from 'tus-js-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { offsetMetre } from '../../src/core/domain/geodesy.ts';
import { registerAssets } from '../../src/features/ingest/import-assets.ts';
import { cameraPicture } from '../support/camera-file.ts';
import { withTestDatabase } from '../support/test-database.ts';
import { waitFor } from '../support/wait-for.ts';
import { startTestSpanwatch, type TestSpanwatch } from '../support/test-spanwatch.ts';

interface Uploaded {
  readonly imageId: string;
  readonly fileName: string;
  readonly status: string;
}
interface Image {
  readonly imageId: string;
  readonly flightId: string | null;
  readonly tower: { readonly lineId: string; readonly towerId: string } | null;
  readonly match: {
    readonly state: string;
    readonly probability: number | null;
    readonly revision: number;
    readonly candidates: readonly { readonly towerId: string; readonly probability: number }[];
  };
}

/** Two circuits 30 m apart. */
const NORTH_METRE = 1 / 111_195;
const TOWERS = { south: 47, north: 47 + 30 * NORTH_METRE };
const LONGITUDE = 8;

describe('intake over HTTP', () => {
  const { database, url } = withTestDatabase();
  let spanwatch: TestSpanwatch;
  let seed = 1;
  let watched = '';

  beforeAll(async () => {
    watched = await mkdtemp(path.join(tmpdir(), 'spanwatch-watched-'));
    const settings = { MAX_IMAGE_MEGABYTES: '5', ROLES: 'api', WATCH_DIR: watched };
    spanwatch = await startTestSpanwatch(url(), settings);
    await registerAssets(
      database(),
      Object.entries(TOWERS).map(([lineId, latitudeDeg]) => ({
        lineId,
        towerId: 'T1',
        latitudeDeg,
        longitudeDeg: LONGITUDE,
        sensorId: `${lineId}-1`,
        kind: 'impedance',
      })),
    );
  });
  afterAll(async () => {
    await spanwatch.remove();
    await rm(watched, { recursive: true });
  });

  const call = async <Body>(method: string, at: string, body?: unknown) => {
    const init = body
      ? { method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }
      : { method };
    const response = await fetch(`${spanwatch.url}${at}`, init);
    return { status: response.status, body: (await response.json()) as Body };
  };
  const send = async (bytes: Uint8Array, name = 'a.jpg') => {
    const form = new FormData();
    form.append('image', new Blob([new Uint8Array(bytes)]), name);
    const response = await fetch(`${spanwatch.url}/v1/images`, { method: 'POST', body: form });
    return { status: response.status, body: (await response.json()) as Uploaded[] };
  };
  /** Half way between the circuits, looking one way or the other, or nobody knows where. */
  const between = async (yawDeg: number | null) =>
    cameraPicture({
      seed: seed++,
      dji: {
        GpsLatitude: String(47 + 15 * NORTH_METRE),
        GpsLongitude: String(LONGITUDE),
        RelativeAltitude: '+24.0',
        RtkFlag: '50',
        RtkStdLat: '0.01',
        RtkStdLon: '0.01',
        UTCAtExposure: '2026-07-01T10:30:00.000',
        ...(yawDeg === null ? {} : { GimbalYawDegree: String(yawDeg), GimbalPitchDegree: '-2.0' }),
      },
    })
      .jpeg()
      .toBuffer();
  const accepted = async (bytes: Uint8Array) =>
    (await call<Image>('GET', `/v1/images/${(await send(bytes)).body[0]!.imageId}`)).body;
  const rows = async (sql: string) => (await database().query<{ count: number }>(sql)).rows[0]!.count;
  const filesIn = async (folder: string) =>
    (await readdir(path.join(spanwatch.dataFolder, 'blobs', folder))).length;

  it('gives the tower that the camera looks at, with its probability and the runner-up', async () => {
    const north = await accepted(await between(1));
    expect(north.tower).toMatchObject({ lineId: 'north', towerId: 'T1' });
    expect(north.match.state).toBe('matched');
    expect(north.match.probability).toBeGreaterThan(0.9);
    expect(north.flightId).toBe('north-2026-07-01');
    const south = await accepted(await between(179));
    expect(south.tower).toMatchObject({ lineId: 'south' });
  });

  it('leaves to a person what could be either, once, whoever comes second', async () => {
    const { imageId, match, tower, flightId } = await accepted(await between(null));
    expect([match.state, tower, flightId]).toEqual(['needs-matching', null, null]);
    expect(match.candidates).toHaveLength(2);
    const waiting = await call<{ items: Image[] }>('GET', '/v1/images?matched=false');
    expect(waiting.body.items.map((image) => image.imageId)).toContain(imageId);

    const say = (towerId: string, lineId: string, by: string) =>
      call<Image>('PUT', `/v1/images/${imageId}/match`, {
        tower: { lineId, towerId },
        revision: match.revision,
        by,
      });
    const answers = await Promise.all([say('T1', 'north', 'anna'), say('T1', 'south', 'ben')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const said = answers.find(({ status }) => status === 200)!.body;
    const now = (await call<Image>('GET', `/v1/images/${imageId}`)).body;
    expect(now.tower).toMatchObject(said.tower!);
    expect(now.match).toMatchObject({ state: 'confirmed', revision: match.revision + 1 });
    expect(now.flightId).toBe(`${now.tower!.lineId}-2026-07-01`);
    const left = await call<{ items: Image[] }>('GET', '/v1/images?matched=false');
    expect(left.body.items.map((image) => image.imageId)).not.toContain(imageId);
  });

  it('refuses a tower that is not there, and a match that says nothing', async () => {
    const { imageId, match } = await accepted(await between(null));
    const at = `/v1/images/${imageId}/match`;
    const tower = { lineId: 'north', towerId: 'T9' };
    expect(await call('PUT', at, { tower, revision: match.revision, by: 'anna' })).toMatchObject({
      status: 400,
      body: { type: 'urn:spanwatch:unknown-tower' },
    });
    expect(await call('PUT', at, { tower })).toMatchObject({
      status: 400,
      body: { type: 'urn:spanwatch:bad-match' },
    });
  });

  it('matches anew what waits, when its tower is registered at last', async () => {
    const lonely = { latitudeDeg: 46, longitudeDeg: 7 };
    expect(offsetMetre(lonely, { latitudeDeg: 46.0001, longitudeDeg: 7 }).northMetre).toBeCloseTo(11.1, 1);
    const dji = { GpsLatitude: '46.0001', GpsLongitude: '7.0' };
    const image = await accepted(await cameraPicture({ seed: seed++, dji }).jpeg().toBuffer());
    expect(image.match.state).toBe('unmatched');
    await registerAssets(database(), [
      { lineId: 'late', towerId: 'T1', ...lonely, sensorId: 'late-1', kind: 'impedance' },
    ]);
    expect((await call('POST', '/v1/images/match')).body).toMatchObject({ matched: 1 });
    expect((await call<Image>('GET', `/v1/images/${image.imageId}`)).body.tower).toMatchObject({
      lineId: 'late',
    });
  });

  it('is one image when the same file is sent a hundred times at once', async () => {
    const bytes = await between(2);
    const before = await rows('SELECT count(*)::int FROM image');
    const answers = await Promise.all(Array.from({ length: 100 }, (_, i) => send(bytes, `${i}.jpg`)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map(({ body }) => body[0]!.imageId)).size).toBe(1);
    expect(await rows('SELECT count(*)::int FROM image')).toBe(before + 1);
    const { imageId } = answers[0]!.body[0]!;
    expect(
      await rows(
        `SELECT count(*)::int FROM pgboss.job WHERE name = 'detect' AND data->>'imageId' = '${imageId}'`,
      ),
    ).toBe(1);
    expect(await filesIn('incoming')).toBe(0);
  });

  it.each(['../../../../etc/passwd.jpg', 'two\nlines.jpg', 'Mast 🗼 Ö.jpg', `${'x'.repeat(400)}.jpg`])(
    'takes a name for a name and never for a path: %j',
    async (name) => {
      const { status, body } = await send(await between(3), name);
      expect(status).toBe(201);
      const [file] = body;
      expect(file!.fileName).not.toMatch(/[/\n]/);
      if (name.includes('🗼')) expect(file!.fileName).toBe(name);
    },
  );

  it('takes the good files of a request in which one is too large', async () => {
    const form = new FormData();
    form.append('image', new Blob([new Uint8Array(6_000_000)]), 'large.jpg');
    form.append('image', new Blob([new Uint8Array(await between(4))]), 'good.jpg');
    form.append('image', new Blob([]), 'empty.jpg');
    const response = await fetch(`${spanwatch.url}/v1/images`, { method: 'POST', body: form });
    expect(response.status).toBe(201);
    expect(await response.json()).toMatchObject([
      { status: 'rejected', problem: { status: 413, type: 'urn:spanwatch:image-too-large' } },
      { status: 'queued' },
      { status: 'rejected', problem: { type: 'urn:spanwatch:image-empty' } },
    ]);
    expect(await filesIn('incoming')).toBe(0);
  });

  it('takes in what is put into the watched folder', async () => {
    await writeFile(path.join(watched, 'from the card.jpg'), await between(9));
    const arrived = async () =>
      (await rows(`SELECT count(*)::int FROM image WHERE file_name = 'from the card.jpg'`)) === 1;
    await waitFor(arrived);
    await waitFor(async () => (await readdir(path.join(watched, 'done')).catch(() => [])).length === 1);
  });

  it('shows a small copy and never the original', async () => {
    const bytes = await between(5);
    const { body } = await send(bytes);
    const response = await fetch(`${spanwatch.url}/v1/images/${body[0]!.imageId}/thumbnail`);
    expect(response.headers.get('content-type')).toBe('image/jpeg');
    const thumbnail = Buffer.from(await response.arrayBuffer());
    const { width, exif, xmp } = await sharp(thumbnail).metadata();
    expect([width, exif, xmp]).toEqual([360, undefined, undefined]);
    const { sha256 } = (await call<{ sha256: string }>('GET', `/v1/images/${body[0]!.imageId}`)).body;
    const kept = await readFile(path.join(spanwatch.dataFolder, 'blobs', sha256.slice(0, 2), sha256));
    expect(kept.equals(bytes)).toBe(true);
    expect(
      (await fetch(`${spanwatch.url}/v1/images/00000000-0000-4000-8000-000000000000/thumbnail`)).status,
    ).toBe(404);
  });

  describe('in pieces, by the tus protocol', () => {
    const PIECE = 20_000;
    /** @param stopAfter pieces after which the link breaks */
    const upload = (
      bytes: Uint8Array,
      metadata: Record<string, string>,
      previous?: PreviousUpload,
      stopAfter = Infinity,
    ) =>
      new Promise<{ url: string | null; imageId: string | null; requests: number; failure: unknown }>(
        (resolve) => {
          let [imageId, pieces, requests]: [string | null, number, number] = [null, 0, 0];
          const sending = new Upload(Buffer.from(bytes), {
            endpoint: `${spanwatch.url}/v1/uploads`,
            chunkSize: PIECE,
            retryDelays: null,
            metadata,
            onBeforeRequest: () => void requests++,
            onAfterResponse: (_, response) => void (imageId = response.getHeader('Image-Id') ?? imageId),
            onChunkComplete: () => {
              if (++pieces < stopAfter) return;
              void sending
                .abort()
                .then(() => resolve({ url: sending.url, imageId, requests, failure: null }));
            },
            onSuccess: () => resolve({ url: sending.url, imageId, requests, failure: null }),
            onError: (failure) => resolve({ url: sending.url, imageId, requests, failure }),
          });
          if (previous) sending.resumeFromPreviousUpload(previous);
          sending.start();
        },
      );
    const previous = (uploadUrl: string): PreviousUpload => ({
      size: null,
      metadata: {},
      creationTime: '',
      uploadUrl,
      parallelUploadUrls: null,
      urlStorageKey: '',
    });

    it('goes on where the link broke, and sends no piece twice', async () => {
      const bytes = await between(6);
      const pieces = Math.ceil(bytes.length / PIECE);
      expect(pieces).toBeGreaterThan(3);
      const broken = await upload(bytes, { filename: 'piecewise 🗼.jpg', flightId: 'F-7' }, undefined, 2);
      const uploadId = broken.url!.split('/').at(-1)!;
      expect((await call('GET', `/v1/uploads/${uploadId}`)).body).toMatchObject({
        state: 'receiving',
        receivedBytes: 2 * PIECE,
      });
      const { imageId, requests } = await upload(bytes, {}, previous(broken.url!));
      expect(requests).toBe(1 + pieces - 2); // one to ask, then what is missing
      const image = await call('GET', `/v1/images/${imageId}`);
      expect(image.body).toMatchObject({
        fileName: 'piecewise 🗼.jpg',
        flightId: 'F-7',
        tower: { lineId: 'north' },
      });
      expect((await call('GET', `/v1/uploads/${uploadId}`)).body).toMatchObject({
        state: 'accepted',
        imageId,
      });
      expect(await filesIn('uploads')).toBe(0);
      // Who was not told asks again, and need not send anything.
      expect(await upload(bytes, {}, previous(broken.url!))).toMatchObject({ requests: 1, failure: null });
    });

    it('is refused with its reason, which can be asked for later', async () => {
      const { failure, url: at } = await upload(Buffer.alloc(50_000, 7), { filename: 'note.jpg' });
      expect(String(failure)).toContain('not a photograph');
      const uploadId = at!.split('/').at(-1)!;
      expect((await call('GET', `/v1/uploads/${uploadId}`)).body).toMatchObject({
        state: 'rejected',
        problem: { type: 'urn:spanwatch:image-type', status: 415 },
      });
    });

    it('is refused at its beginning when it will be too large, or its flight is no name', async () => {
      const { failure } = await upload(Buffer.alloc(5_000_001), {});
      expect(String(failure)).toContain('413');
      expect(String((await upload(Buffer.alloc(9), { flightId: '../x' })).failure)).toContain('flightId');
      expect(await filesIn('uploads')).toBe(0);
    });

    it('hands no upload out, whole or not, and leads to no other file', async () => {
      const { url: at } = await upload(await between(7), {}, undefined, 1);
      const response = await fetch(at!);
      expect(response.headers.get('content-type')).toContain('application/json');
      for (const name of ['..%2f..%2fpostgres', '%2e%2e', `${at!.split('/').at(-1)}.json`]) {
        expect((await fetch(`${spanwatch.url}/v1/uploads/${name}`)).status).toBe(404);
        const head = await fetch(`${spanwatch.url}/v1/uploads/${name}`, {
          method: 'HEAD',
          headers: { 'Tus-Resumable': '1.0.0' },
        });
        expect(head.status).toBeGreaterThanOrEqual(400);
      }
    });

    it('is taken in after a restart when the process was gone before it could be', async () => {
      const bytes = await between(8);
      const { url: at } = await upload(bytes, { filename: 'late.jpg' }, undefined, 1);
      const uploadId = at!.split('/').at(-1)!;
      await spanwatch.stop();
      const lying = path.join(spanwatch.dataFolder, 'blobs', 'uploads', uploadId);
      expect((await stat(lying)).size).toBe(PIECE);
      await appendFile(lying, bytes.subarray(PIECE)); // as if the process ended with the last byte
      const again = await startTestSpanwatch(url(), { DATA_DIR: spanwatch.dataFolder, ROLES: 'api' });
      try {
        for (let tries = 0; ; tries++) {
          const response = await fetch(`${again.url}/v1/uploads/${uploadId}`);
          if (((await response.json()) as { state: string }).state === 'accepted') break;
          expect(tries).toBeLessThan(100);
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      } finally {
        await again.remove();
      }
    });
  });
});
