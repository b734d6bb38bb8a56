import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import sharp from 'sharp';
import { crc32, deflateSync } from 'node:zlib';
import { registerAssets } from '../../src/features/ingest/import-assets.ts';
import { renderPhotograph } from '../../src/features/simulation/render-photograph.ts';
import { withTestDatabase } from '../support/test-database.ts';
import { startTestSpanwatch, type TestSpanwatch } from '../support/test-spanwatch.ts';
import { waitFor } from '../support/wait-for.ts';

interface Uploaded {
  readonly imageId: string;
  readonly status: string;
}
interface Image {
  readonly tower: { readonly distanceMetre: number };
  readonly detections: readonly { readonly category: string }[];
}
interface Items {
  readonly items: readonly { readonly kind: string; readonly state: string }[];
}

const TOWER = { lineId: 'L01', towerId: 'T01', latitudeDeg: 50, longitudeDeg: 8 };

describe('a photograph sent over HTTP', () => {
  const { database, url } = withTestDatabase();
  let spanwatch: TestSpanwatch;

  beforeAll(async () => {
    spanwatch = await startTestSpanwatch(url(), { MAX_IMAGE_MEGABYTES: '5' });
    await registerAssets(database(), [{ ...TOWER, sensorId: 'L01-T01-Z', kind: 'impedance' }]);
  });
  afterAll(async () => spanwatch.remove());

  const send = async (...files: [name: string, bytes: Uint8Array][]) => {
    const form = new FormData();
    for (const [name, bytes] of files) form.append('image', new Blob([new Uint8Array(bytes)]), name);
    const response = await fetch(`${spanwatch.url}/v1/images`, { method: 'POST', body: form });
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      body: await response.json(),
    };
  };
  const get = async <Body>(path: string) => (await (await fetch(`${spanwatch.url}${path}`)).json()) as Body;
  const photograph = async (seed: number, takenAt: string, insulatorDefect: boolean) =>
    (
      await renderPhotograph({
        seed,
        insulatorDefect,
        jointDefect: false,
        takenAt: new Date(takenAt),
        latitudeDeg: TOWER.latitudeDeg + 0.0001,
        longitudeDeg: TOWER.longitudeDeg,
      })
    ).jpeg;

  it('becomes detections, a finding of its tower, and labels of the sensor there', async () => {
    const clean = await send(['clean.jpg', await photograph(20, '2026-05-01T10:00:00Z', false)]);
    const broken = await send(['broken.jpg', await photograph(19, '2026-05-20T10:00:00Z', true)]);
    expect([clean.status, broken.status]).toEqual([201, 201]);
    const [{ imageId, status }] = broken.body as [Uploaded];
    expect(status).toBe('queued');
    const done = async () => {
      const { rows } = await database().query<{ count: number }>('SELECT count(*)::int AS count FROM label');
      return (rows[0]?.count ?? 0) >= 5;
    };
    await waitFor(done);
    const image = await get<Image>(`/v1/images/${imageId}`);
    expect(image).toMatchObject({ status: 'analysed', tower: { lineId: 'L01', towerId: 'T01' } });
    expect(image.tower.distanceMetre).toBeCloseTo(11.1, 0);
    expect(image.detections.map((detection) => detection.category)).toContain('broken_insulator');
    const findings = await get<Items>('/v1/findings?outcome=defect&tower=T01');
    expect(findings.items).toEqual([
      expect.objectContaining({ kind: 'broken_insulator', imageIds: [imageId] }),
    ]);
    const labels = await get<Items>('/v1/labels?sensor=L01-T01-Z');
    const states = labels.items
      .filter((label) => label.kind === 'broken_insulator')
      .map((label) => label.state)
      .sort();
    expect(states).toEqual(['clean', 'defect', 'unknown']);
  });

  it('is one image however often the same bytes are sent', async () => {
    const jpeg = await photograph(23, '2026-06-01T10:00:00Z', false);
    const first = await send(['a.jpg', jpeg]);
    const second = await send(['b.jpg', jpeg]);
    expect(second.status).toBe(201);
    expect((second.body as [Uploaded])[0].imageId).toBe((first.body as [Uploaded])[0].imageId);
  });

  it('says at once that it is blurred, and is listed so', async () => {
    const jpeg = await sharp(await photograph(25, '2026-06-03T10:00:00Z', false))
      .blur(4)
      .jpeg()
      .toBuffer();
    const { body } = await send(['soft.jpg', jpeg]);
    expect(body).toMatchObject([{ fileName: 'soft.jpg', quality: ['blurred'] }]);
    const [{ imageId }] = body as [Uploaded];
    expect(await get(`/v1/images/${imageId}`)).toMatchObject({ quality: ['blurred'] });
    expect(await get('/v1/images?quality=poor')).toMatchObject({ items: [{ imageId }] });
    expect(await get('/v1/images?quality=fine')).toMatchObject({ type: 'urn:spanwatch:bad-filter' });
  });

  it('is refused when it is cut short, and nothing of it is kept', async () => {
    const jpeg = await photograph(24, '2026-06-02T10:00:00Z', false);
    const answer = await send(['cut.jpg', jpeg.subarray(0, Math.floor(jpeg.length * 0.6))]);
    expect(answer).toMatchObject({ status: 400, body: { type: 'urn:spanwatch:image-damaged' } });
    expect(answer.type).toContain('application/problem+json');
    const { rows } = await database().query("SELECT FROM image WHERE file_name = 'cut.jpg'");
    expect(rows).toHaveLength(0);
  });

  it('is refused when it is text under a name that ends in .jpg', async () => {
    const answer = await send(['note.jpg', Buffer.from('no picture at all')]);
    expect(answer.status).toBe(415);
    expect(JSON.stringify(answer.body)).toContain('JPEG, PNG, TIFF and WebP');
  });

  it('is refused when it holds too many pixels, before they are decoded', async () => {
    const before = process.memoryUsage().rss;
    const answer = await send(['huge.png', hugePng(30_000)]);
    expect(answer.status).toBe(413);
    expect(JSON.stringify(answer.body)).toContain('30000 x 30000');
    // Decoded it would take 900 MB.
    expect(process.memoryUsage().rss - before).toBeLessThan(300e6);
  });

  it('is refused when it is larger than the setting allows', async () => {
    const answer = await send(['large.jpg', Buffer.alloc(5_100_000, 1)]);
    expect(answer.status).toBe(413);
    expect(answer.type).toContain('application/problem+json');
  });

  it('does not suffer from a bad one in the same request', async () => {
    const jpeg = await photograph(25, '2026-06-03T10:00:00Z', false);
    const answer = await send(['good.jpg', jpeg], ['bad.jpg', Buffer.from('bad')]);
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject([{ status: 'queued' }, { status: 'rejected', imageId: null }]);
  });

  it('needs the field "image"', async () => {
    const form = new FormData();
    form.append('picture', new Blob(['x']), 'x.jpg');
    const response = await fetch(`${spanwatch.url}/v1/images`, { method: 'POST', body: form });
    expect(response.status).toBe(400);
    expect(((await response.json()) as { detail: string }).detail).toContain('multipart field "image"');
  });

  it('without position waits unmatched and is not refused', async () => {
    const png = await sharp({ create: { width: 64, height: 48, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    const answer = await send(['nowhere.png', png]);
    const image = await get(`/v1/images/${(answer.body as [Uploaded])[0].imageId}`);
    expect(image).toMatchObject({ tower: null, takenAt: null });
  });

  it('is shown in part and upright, drawn anew without what the camera wrote', async () => {
    const lying = await sharp({ create: { width: 400, height: 200, channels: 3, background: 'red' } })
      .composite([
        { input: { create: { width: 200, height: 200, channels: 3, background: 'blue' } }, left: 0, top: 0 },
      ])
      .jpeg()
      .withMetadata({ orientation: 6 })
      .toBuffer();
    const [{ imageId }] = (await send(['lying.jpg', lying])).body as [Uploaded];
    const view = (query: string) => fetch(`${spanwatch.url}/v1/images/${imageId}/view${query}`);
    // Turned clockwise, what was left is above.
    const upper = sharp(Buffer.from(await (await view('?box=0,0,200,100')).arrayBuffer()));
    const { width, height, exif, orientation } = await upper.metadata();
    expect({ width, height, exif, orientation }).toEqual({ width: 200, height: 100 });
    const { dominant } = await upper.stats();
    expect(dominant.b).toBeGreaterThan(200);
    const small = await sharp(Buffer.from(await (await view('?size=100')).arrayBuffer())).metadata();
    expect([small.width, small.height]).toEqual([50, 100]);
    for (const bad of ['?box=0,0,201,100', '?box=1,2,3', '?box=-1,0,9,9', '?box=a,b,c,d', '?size=9999']) {
      expect((await view(bad)).status).toBe(400);
    }
  });

  it('is described by the published API, and unknown ones answer 404', async () => {
    const api = await get<{ paths: object }>('/openapi.json');
    expect(Object.keys(api.paths)).toEqual(
      expect.arrayContaining(['/v1/images', '/v1/findings', '/v1/anomaly-events']),
    );
    const response = await fetch(`${spanwatch.url}/v1/images/nonsense`);
    expect(response.status).toBe(404);
  });

  it('leaves its mark in metrics, and readiness names its parts', async () => {
    const metrics = await (await fetch(`${spanwatch.url}/metrics`)).text();
    expect(metrics).toMatch(/spanwatch_images_analysed_total\{outcome="analysed"\} [1-9]/);
    const response = await fetch(`${spanwatch.url}/health/ready`);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ ready: true, parts: { database: 'ready' } });
  });
});

/** A valid header of a huge picture with almost no data: what an attacker sends. */
function hugePng(side: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    const checksum = Buffer.alloc(4);
    checksum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, checksum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const data = chunk('IDAT', deflateSync(Buffer.alloc(1_000)));
  return Buffer.concat([signature, chunk('IHDR', header), data, chunk('IEND', Buffer.alloc(0))]);
}
