/** Thumbnails show what stands on a photograph, as detector and people have left it. */
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { withTestDatabase } from '../support/test-database.ts';
import { startTestSpanwatch, type TestSpanwatch } from '../support/test-spanwatch.ts';

/** A grey photograph; its thumbnail is 360 px wide: a fifth. */
const [WIDTH_PX, HEIGHT_PX, GREY] = [1800, 1200, 128];
const SCALE = 360 / WIDTH_PX;

describe('the thumbnail of a photograph', () => {
  const { database, url } = withTestDatabase();
  let spanwatch: TestSpanwatch;
  let imageId = '';

  beforeAll(async () => {
    spanwatch = await startTestSpanwatch(url(), { ROLES: 'api' });
    const picture = await sharp({
      create: {
        width: WIDTH_PX,
        height: HEIGHT_PX,
        channels: 3,
        background: { r: GREY, g: GREY, b: GREY },
      },
    })
      .jpeg()
      .toBuffer();
    const form = new FormData();
    form.append('image', new Blob([new Uint8Array(picture)]), 'grey.jpg');
    const response = await fetch(`${spanwatch.url}/v1/images`, { method: 'POST', body: form });
    [{ imageId }] = (await response.json()) as [{ imageId: string }];
    await database().query(`INSERT INTO line VALUES ('L01', 'One')`);
    await database().query(`INSERT INTO tower VALUES ('T01', 'L01', 50, 8)`);
    await database().query(`INSERT INTO flight (flight_id, line_id) VALUES ('F1', 'L01')`);
    // Findings say which categories are defects.
    await database().query(
      `INSERT INTO finding (line_id, tower_id, flight_id, kind, outcome, probability, inspected_at, model_version, image_ids)
       VALUES ('L01', 'T01', 'F1', 'broken_insulator', 'clean', 0.1, now(), 'v1', '{}')`,
    );
  });
  afterAll(async () => spanwatch.remove());
  beforeEach(async () => {
    await database().query('DELETE FROM detection');
    await database().query('DELETE FROM box_review');
  });

  const detect = async (category: string, xPx: number, score: number): Promise<string> => {
    const { rows } = await database().query<{ detection_id: string }>(
      `INSERT INTO detection (image_id, category, score, x_px, y_px, width_px, height_px, model_version)
       VALUES ($1, $2, $3, $4, 300, 200, 300, 'v1') RETURNING detection_id`,
      [imageId, category, score, xPx],
    );
    return rows[0]!.detection_id;
  };
  const say = (detectionId: string | null, decision: string, category: string, xPx: number) =>
    database().query(
      `INSERT INTO box_review (image_id, detection_id, decision, category, x_px, y_px, width_px, height_px, reviewer)
       VALUES ($1, $2, $3, $4, $5, 300, 200, 300, 'anna')`,
      [imageId, detectionId, decision, category, xPx],
    );
  const ask = (query: string) => fetch(`${spanwatch.url}/v1/images/${imageId}/thumbnail${query}`);
  /** The colour in the middle of the left side of a box that begins at `xPx`, and whether it is the grey below. */
  const edgeAt = async (xPx: number): Promise<'orange' | 'blue' | 'none'> => {
    const jpeg = Buffer.from(await (await ask('?boxes=true')).arrayBuffer());
    const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.channels]).toEqual([360, 3]);
    const at = 3 * (Math.round(450 * SCALE) * info.width + Math.round(xPx * SCALE));
    const [red, , blue] = data.subarray(at, at + 3);
    if (Math.abs(red! - blue!) < 20) return 'none';
    return red! > blue! ? 'orange' : 'blue';
  };

  it('shows defects in orange and other objects in blue', async () => {
    await detect('broken_insulator', 300, 0.9);
    await detect('insulator', 900, 0.9);
    expect([await edgeAt(300), await edgeAt(900), await edgeAt(1400)]).toEqual(['orange', 'blue', 'none']);
  });

  it('leaves out what the detector is not sure of, and what a person rejected', async () => {
    await detect('insulator', 300, 0.4);
    await say(await detect('insulator', 900, 0.9), 'rejected', 'insulator', 900);
    expect([await edgeAt(300), await edgeAt(900)]).toEqual(['none', 'none']);
  });

  it('shows where a person moved a box to, what it was called, and one that was missed', async () => {
    await say(await detect('insulator', 300, 0.9), 'corrected', 'broken_insulator', 600);
    await say(null, 'added', 'insulator', 1300);
    expect([await edgeAt(300), await edgeAt(600), await edgeAt(1300)]).toEqual(['none', 'orange', 'blue']);
  });

  it('is the photograph alone unless boxes are asked for, and says what may be asked', async () => {
    await detect('insulator', 300, 0.9);
    const [plain, none, wrong] = await Promise.all([ask(''), ask('?boxes=false'), ask('?boxes=yes')]);
    const [first, second] = await Promise.all([plain.arrayBuffer(), none.arrayBuffer()]);
    expect(Buffer.from(first).equals(Buffer.from(second))).toBe(true);
    expect(plain.headers.get('cache-control')).toContain('immutable');
    expect((await ask('?boxes=true')).headers.get('cache-control')).not.toContain('immutable');
    expect(wrong.status).toBe(400);
    expect(await wrong.json()).toMatchObject({ detail: 'boxes must be true or false, not yes.' });
  });
});
