/** Data leaves and comes in over HTTP: sets for other tools, findings for maps, reports for people. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ZipFile } from 'yazl';
import { buffer } from 'node:stream/consumers';
import { openPromise } from 'yauzl';
import { cameraPicture } from '../support/camera-file.ts';
import { withTestDatabase } from '../support/test-database.ts';
import { startTestSpanwatch, type TestSpanwatch } from '../support/test-spanwatch.ts';

const EVIL = `</style><script>document.title='taken'</script><img src=x onerror=alert(1)>'".jpg`;

describe('exchange over HTTP', () => {
  const { database, url } = withTestDatabase();
  let spanwatch: TestSpanwatch;
  let imageId: string;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'exchange-e2e-'));
    spanwatch = await startTestSpanwatch(url(), { ROLES: 'api' });
    await database().query(`INSERT INTO line VALUES ('L01', 'One')`);
    await database().query(
      `INSERT INTO tower (line_id, tower_id, latitude_deg, longitude_deg) VALUES ('L01', 'T01', 50, 8), ('L01', 'T02', NULL, NULL)`,
    );
    await database().query(
      `INSERT INTO sensor VALUES ('Z1', 'L01', 'T01', 'impedance'), ('W1', 'L01', 'T01', 'weather')`,
    );
    const jpeg = await cameraPicture().withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const form = new FormData();
    form.append('image', new Blob([new Uint8Array(jpeg)]), EVIL.replaceAll('/', '∕'));
    form.append('flightId', 'F1');
    const sent = await fetch(`${spanwatch.url}/v1/images`, { method: 'POST', body: form });
    [{ imageId }] = (await sent.json()) as [{ imageId: string }];
    await fill();
  }, 120_000);
  afterAll(async () => {
    await spanwatch.remove();
    await rm(folder, { recursive: true });
  });

  /** One defect with its photograph, one clean look, events, labels and readings. */
  async function fill(): Promise<void> {
    const query = (sql: string, values: unknown[] = []) =>
      database().query<Record<string, string>>(sql, values);
    await query(`UPDATE image SET line_id = 'L01', tower_id = 'T01', match_state = 'matched', state = 'analysed', objects_in_view = '{insulator}' WHERE image_id = $1`, [imageId]); // prettier-ignore
    const detection = await query(
      `INSERT INTO detection (image_id, category, score, x_px, y_px, width_px, height_px, model_version)
       VALUES ($1, 'broken_insulator', 0.9, 100.5, 400.25, 40, 30, 'v1') RETURNING detection_id`,
      [imageId],
    );
    const finding = await query(
      `INSERT INTO finding (line_id, tower_id, flight_id, kind, outcome, probability, severity, inspected_at, image_ids, model_version)
       VALUES ('L01', 'T01', 'F1', 'broken_insulator', 'defect', 0.9, 4, '2026-05-01T10:00:00Z', ARRAY[$1::uuid], 'v1'),
              ('L01', 'T02', 'F1', 'failing_joint', 'clean', 0.1, NULL, '2026-05-01T11:00:00Z', '{}', 'v1') RETURNING finding_id`,
      [imageId],
    );
    const findingId = finding.rows[0]!['finding_id'];
    await query('INSERT INTO finding_evidence (finding_id, image_id, detection_id) VALUES ($1, $2, $3)', [findingId, imageId, detection.rows[0]!['detection_id']]); // prettier-ignore
    await query(`INSERT INTO finding_review (finding_id, revision, decision, reviewer, reason, kind_before, kind_after) VALUES ($1, 1, 'confirmed', $2, $2, 'broken_insulator', 'broken_insulator')`, [findingId, EVIL]); // prettier-ignore
    await query(`INSERT INTO anomaly_event (sensor_id, line_id, tower_id, kind, opened_at, updated_at, peak_score, model_version, reasons) VALUES ('Z1', 'L01', 'T01', 'broken_insulator', '2026-05-03', '2026-05-03', 0.8, 'm1', $1)`, [JSON.stringify({ sentence: `R is up ${EVIL}` })]); // prettier-ignore
    await query(`INSERT INTO label (sensor_id, kind, state, from_at, to_at, probability, finding_ids, author, source) VALUES ('Z1', 'broken_insulator', 'defect', '2026-05-01', '2026-05-01', 0.9, '{}', 'rules', 'finding')`); // prettier-ignore
    await query(`INSERT INTO impedance_reading (sensor_id, observed_at, resistance_ohm) SELECT 'Z1', TIMESTAMPTZ '2026-05-01' + n * INTERVAL '1 hour', 0.02 + n * 0.001 FROM generate_series(0, 9) n`); // prettier-ignore
  }

  const get = async (place: string) => fetch(`${spanwatch.url}${place}`);
  const put = async (fields: Record<string, string>, file?: Uint8Array) => {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    if (file) form.append('annotations', new Blob([new Uint8Array(file)]), 'set');
    const response = await fetch(`${spanwatch.url}/v1/import/annotations`, { method: 'POST', body: form });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const zipOf = async (files: Record<string, string>) => {
    const zip = new ZipFile();
    for (const [name, text] of Object.entries(files)) zip.addBuffer(Buffer.from(text), name);
    zip.end();
    return buffer(zip.outputStream);
  };

  it('gives findings as GeoJSON and as CSV, narrowed as is asked', async () => {
    const response = await get('/v1/export/findings?form=geojson');
    expect(response.headers.get('content-type')).toContain('application/geo+json');
    const { features } = (await response.json()) as {
      features: { geometry: unknown; properties: Record<string, unknown> }[];
    };
    expect(features.map(({ geometry }) => geometry)).toEqual([{ type: 'Point', coordinates: [8, 50] }, null]);
    expect(features[0]!.properties).toMatchObject({
      kind: 'broken_insulator',
      severity: 4,
      review_state: 'proposed',
      image_ids: [imageId],
      link: `${spanwatch.url}/reports/towers/L01/T01`,
    });
    expect((await get('/reports/towers/L01/T01')).status).toBe(200);
    const csv = await (await get('/v1/export/findings?form=csv&open=true&from=2026-05-01T00:00:00Z')).text();
    expect(csv.split('\r\n')).toHaveLength(3);
    expect(csv).toMatch(
      /^finding_id,line_id,.*\r\n[0-9a-f-]{36},L01,T01,8,50,broken_insulator,1,defect,4,0.9,proposed/,
    );
    for (const [query, said] of [
      ['', 'form must be given: geojson or csv'],
      ['?form=xls', 'form must be geojson or csv, not xls'],
      ['?form=csv&from=yesterday', 'from must be a time with its zone'],
      ['?form=csv&open=yes', 'open must be true or false'],
    ] as const) {
      const refused = await get(`/v1/export/findings${query}`);
      expect(refused.status).toBe(400);
      expect(((await refused.json()) as { detail: string }).detail).toContain(said);
    }
  });

  it('gives boxes as COCO, and as ZIPs that are taken back without a word twice', async () => {
    const coco = await get('/v1/export/annotations?form=coco&state=all');
    expect(coco.headers.get('content-disposition')).toContain('annotations.json');
    const bytes = new Uint8Array(await coco.arrayBuffer());
    const set = JSON.parse(Buffer.from(bytes).toString()) as Record<string, Record<string, unknown>[]>;
    expect(set['images']).toEqual([expect.objectContaining({ id: 1, width: 480, height: 640 })]);
    expect(set['annotations']).toEqual([
      expect.objectContaining({ image_id: 1, category_id: 3, bbox: [100.5, 400.25, 40, 30], area: 1200, iscrowd: 0, score: 0.9 }), // prettier-ignore
    ]);
    expect((await put({ form: 'coco' }, bytes)).body).toMatchObject({
      pictures: 1,
      proposals: 1,
      problems: [],
    });
    for (const form of ['voc', 'yolo']) {
      const response = await get(`/v1/export/annotations?form=${form}&state=all`);
      expect(response.headers.get('content-type')).toBe('application/zip');
      const zip = new Uint8Array(await response.arrayBuffer());
      const file = path.join(folder, 'got.zip');
      await writeFile(file, zip);
      const names: string[] = [];
      for await (const { fileName } of (await openPromise(file)).eachEntry()) names.push(fileName);
      expect(names).toContain('spanwatch.ndjson');
      expect(names.filter((name) => name.endsWith('.jpg'))).toEqual([]);
      expect((await put({ form }, zip)).body).toMatchObject({ pictures: 1, proposals: 1, problems: [] });
    }
  });

  it('takes boxes that somebody drew, and says of each that it can’t take where it is', async () => {
    const { sha256 } = (await (await get(`/v1/images/${imageId}`)).json()) as { sha256: string };
    const label = `a-${sha256.slice(0, 12)}`;
    const zip = await zipOf({
      'set/data.yaml': 'names: [insulator]',
      [`set/labels/${label}.txt`]: '0 0.5 0.5 0.5 0.25\n0 0.5 0.5 2 2\nnonsense\n',
      'set/labels/unknown.txt': '0 0.5 0.5 0.1 0.1\n',
    });
    const { status, body } = await put({ form: 'yolo', reviewer: 'carla' }, zip);
    expect(status).toBe(200);
    expect(body).toMatchObject({ pictures: 1, added: 1 });
    expect(body['problems']).toEqual([
      expect.stringMatching(/^labels\/a-.*\.txt: line 3 is not "class x y width height"/),
      expect.stringMatching(/^labels\/a-.*\.txt: line 2: the box .* beyond the picture, which is 480 x 640/),
      expect.stringMatching(/^labels\/unknown\.txt: unknown is not known; there is no such photograph/),
    ]);
    const { rows } = await database().query('SELECT category, x_px, reviewer FROM box_review');
    expect(rows).toEqual([{ category: 'insulator', x_px: 120, reviewer: 'carla' }]);
    expect((await put({ form: 'yolo' }, zip)).body).toMatchObject({ added: 0, known: 1 });
  });

  it('refuses what is no set, and what would leave its folder', async () => {
    expect(await put({ form: 'coco' }, Buffer.from('{'))).toMatchObject({ status: 400 });
    expect((await put({ form: 'voc' }, Buffer.from('text'))).body['detail']).toContain(
      'neither a folder nor a ZIP',
    );
    expect((await put({ form: 'voc' }, Buffer.from('PK and no more'))).body['detail']).toContain(
      'no ZIP, or it is damaged',
    );
    expect((await put({ form: 'voc' })).body['detail']).toContain('multipart field "annotations"');
    expect((await put({}, Buffer.from('x'))).body['detail']).toContain('form must be given');
    const honest = await zipOf({ 'labels/x.txt': '', 'data.yaml': 'names: [a]', 'zz/zz/zz/evil.txt': 'x' });
    const escaping = Buffer.from(honest.toString('latin1').replaceAll('zz/zz/zz/', '../../../'), 'latin1');
    expect((await put({ form: 'yolo' }, escaping)).body['detail']).toContain('invalid relative path');
    const bare = await zipOf({ 'labels/x.txt': '0 1 1 1 1' });
    expect((await put({ form: 'yolo' }, bare)).body['detail']).toBe('the ZIP/classes.txt cannot be read.');
  });

  describe('a report', () => {
    it('of a tower has its defects drawn, its history, events, labels and readings', async () => {
      const response = await get('/reports/towers/L01/T01');
      expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
      const html = await response.text();
      for (const text of [
        'Tower T01 of line L01',
        'broken insulator',
        '4 high',
        '90 %',
        'R is up',
        'rules',
        '50.000000, 8.000000',
      ])
        // prettier-ignore
        expect(html).toContain(text);
      expect(html).toMatch(/Z1.*0\.0245.*0\.02 to 0\.029/s);
      expect(html).toContain('<rect x="100.5" y="400.25" width="40" height="30"');
      expect(html).not.toMatch(/<script|<img|onerror=alert\(1\)>/);
      // Nothing is loaded from anywhere, and no copy says where it was taken.
      const links = [...html.matchAll(/(?:src|href)="([^"]{0,30})/g)].map(([, link]) => link!);
      expect(links.every((link) => link.startsWith('data:image/jpeg;base64,'))).toBe(true);
      for (const [, base64] of html.matchAll(/base64,([A-Za-z0-9+/=]+)/g)) {
        const { exif, xmp, orientation } = await sharp(Buffer.from(base64!, 'base64')).metadata();
        expect([exif, xmp, orientation]).toEqual([undefined, undefined, undefined]);
      }
    });

    it('of a flight has coverage, findings by severity, and what is left to do', async () => {
      await database().query(
        `INSERT INTO image (sha256, file_name, media_type, byte_count, width_px, height_px, flight_id, state, failure)
         VALUES (repeat('a', 64), $1, 'image/jpeg', 1, 1, 1, 'F1', 'failed', $1)`,
        [EVIL],
      );
      const html = await (await get('/reports/flights/F1')).text();
      for (const text of ['Flight F1', 'Coverage', 'L01/T01', 'its camera gave no position', 'L01/T02'])
        expect(html).toContain(text);
      expect(html).not.toMatch(/<script|<img/);
    });

    it('of what is not there is not found', async () => {
      expect((await get('/reports/towers/L01/%3Cscript%3E')).status).toBe(404);
      expect((await get('/reports/flights/nowhere')).status).toBe(404);
      expect((await get('/reports/towers/L01/T02')).status).toBe(200);
    });
  });

  it('is described, every door of it', async () => {
    const { paths } = (await (await get('/openapi.json')).json()) as { paths: Record<string, object> };
    const doors = Object.keys(paths).filter((door) => /export|import|reports/.test(door));
    expect(doors.sort()).toEqual([
      '/reports/flights/{flightId}',
      '/reports/towers/{lineId}/{towerId}',
      '/v1/export/annotations',
      '/v1/export/findings',
      '/v1/import/annotations',
    ]);
  });
});
