import { beforeEach, describe, expect, it } from 'vitest';
import { exportFindings } from '../../src/features/exchange/export-findings.ts';
import {
  FindingExportRepository,
  type FindingSelection,
} from '../../src/platform/storage/finding-export-repository.ts';
import { FlightReportRepository } from '../../src/platform/storage/flight-report-repository.ts';
import { TowerReportRepository } from '../../src/platform/storage/tower-report-repository.ts';
import { withTestDatabase } from '../support/test-database.ts';

const ALL: FindingSelection = { from: null, to: null, line: null, isOpen: false };

describe('findings in the database', () => {
  const { database } = withTestDatabase();
  const findings = () => new FindingExportRepository(database());

  beforeEach(async () => {
    await database().query('TRUNCATE line, image CASCADE');
    await database().query(`INSERT INTO line VALUES ('L01', 'One'), ('L02', 'Two')`);
    await database().query(
      `INSERT INTO tower (line_id, tower_id, latitude_deg, longitude_deg)
       VALUES ('L01', 'T01', 50, 8), ('L01', 'T02', 51, 9), ('L02', 'T01', NULL, NULL)`,
    );
    await database().query(
      `INSERT INTO flight (flight_id, line_id) SELECT 'F' || n, 'L01' FROM generate_series(1, 9) n`,
    );
  });

  const add = async (day: number, outcome: 'clean' | 'defect', changes: Record<string, unknown> = {}) => {
    const row = {
      line_id: 'L01',
      tower_id: 'T01',
      flight_id: `F${day}`,
      kind: 'failing_joint',
      outcome,
      probability: 0.5,
      severity: outcome === 'defect' ? 3 : null,
      inspected_at: new Date(Date.UTC(2026, 0, day)),
      image_ids: [],
      model_version: 'v1',
      ...changes,
    };
    const names = Object.keys(row);
    const { rows } = await database().query<{ finding_id: string }>(
      `INSERT INTO finding (${names.join(', ')}) VALUES (${names.map((_, index) => `$${index + 1}`).join(', ')}) RETURNING finding_id`,
      Object.values(row),
    );
    return rows[0]!.finding_id;
  };
  const listed = async (selection: Partial<FindingSelection>) => {
    const ids: string[] = [];
    for await (const batch of findings().batches({ ...ALL, ...selection }))
      ids.push(...batch.map((row) => row.findingId));
    expect(await findings().count({ ...ALL, ...selection })).toBe(ids.length);
    return ids;
  };

  it('are handed out in batches, every one once, also where many were made at one instant', async () => {
    await database().query(
      `INSERT INTO finding (line_id, tower_id, flight_id, kind, outcome, probability, inspected_at, image_ids, defect_number)
       SELECT 'L01', 'T01', 'F1', 'joint', 'defect', 0.5, TIMESTAMPTZ '2026-01-01' + n / 700 * INTERVAL '1 microsecond', '{}', n
         FROM generate_series(1, 2500) n`,
    );
    expect(new Set(await listed({})).size).toBe(2500);
    let text = '';
    for await (const piece of exportFindings(findings(), 'geojson', ALL, 'http://a/')) text += piece;
    const { features } = JSON.parse(text) as { features: { properties: { link: string } }[] };
    expect(features).toHaveLength(2500);
    expect(features[0]!.properties.link).toBe('http://a/reports/towers/L01/T01');
  });

  it('are narrowed to a span of time and a line', async () => {
    const [first, second] = [await add(1, 'defect'), await add(2, 'clean')];
    const other = await add(3, 'defect', { line_id: 'L02' });
    expect(await listed({})).toEqual([first, second, other]);
    expect(await listed({ from: new Date('2026-01-02') })).toEqual([second, other]);
    expect(await listed({ to: new Date('2026-01-02') })).toEqual([first]);
    expect(await listed({ line: 'L02' })).toEqual([other]);
  });

  it('are open while the newest look shows them and nobody has rejected them', async () => {
    await add(1, 'defect', { tower_id: 'T02' });
    await add(2, 'clean', { tower_id: 'T02' });
    await add(1, 'defect');
    const again = await add(2, 'defect');
    const second = await add(2, 'defect', {
      defect_number: 2,
      inspected_at: new Date(Date.UTC(2026, 0, 2, 5)),
    });
    await add(3, 'defect', { kind: 'broken_insulator', review_state: 'rejected' });
    const overlooked = await add(4, 'clean', { kind: 'nest', review_state: 'rejected' });
    expect(await listed({ isOpen: true })).toEqual([again, second, overlooked]);
  });

  it('tell a flight what it saw and what it did not', async () => {
    await database().query(
      `INSERT INTO image (sha256, file_name, media_type, byte_count, width_px, height_px, flight_id, line_id, tower_id, state,
                          match_state, objects_in_view, latitude_deg, failure)
       VALUES ('a', 'a.jpg', 'image/jpeg', 1, 1, 1, 'F1', 'L01', 'T01', 'analysed', 'matched', '{joint,insulator}', 50, NULL),
              ('b', 'b.jpg', 'image/jpeg', 1, 1, 1, 'F1', 'L01', 'T01', 'queued', 'matched', NULL, 50, NULL),
              ('c', 'c.jpg', 'image/jpeg', 1, 1, 1, 'F1', NULL, NULL, 'failed', 'needs-matching', NULL, 50, 'damaged'),
              ('d', 'd.jpg', 'image/jpeg', 1, 1, 1, 'F2', NULL, NULL, 'queued', 'unmatched', NULL, NULL, NULL)`,
    );
    await add(1, 'defect', { severity: 2 });
    await add(1, 'defect', { severity: 5, defect_number: 2 });
    await add(1, 'defect', { severity: 5, kind: 'nest', review_state: 'rejected' });
    const flights = new FlightReportRepository(database());
    expect(await flights.facts('F1')).toMatchObject({
      lineId: 'L01',
      photographs: { total: 3, analysed: 1, queued: 1, failed: 1 },
      towers: [
        {
          lineId: 'L01',
          towerId: 'T01',
          photographs: 2,
          objectsInView: ['insulator', 'joint'],
          defects: 2,
          worstSeverity: 5,
        },
      ],
      unseenTowers: [{ lineId: 'L01', towerId: 'T02' }],
      unmatched: [{ fileName: 'c.jpg', reason: 'several towers could be it' }],
      failed: [{ fileName: 'c.jpg', reason: 'damaged' }],
    });
    expect(await flights.findings('F1')).toHaveLength(3);
    expect(await flights.facts('nowhere')).toBeNull();
  });

  it('show a tower the photographs of each, what people confirmed first, and nothing that they rejected', async () => {
    const findingId = await add(1, 'defect');
    const boxes: Record<string, string> = {};
    for (const [name, score] of [
      ['dim', 0.7],
      ['sure', 0.95],
      ['judged', 0.71],
      ['wrong', 0.99],
    ] as const) {
      const { rows: images } = await database().query<{ image_id: string }>(
        `INSERT INTO image (sha256, file_name, media_type, byte_count, width_px, height_px) VALUES ($1, $1, 'image/jpeg', 1, 100, 80) RETURNING image_id`,
        [name],
      );
      const { rows } = await database().query<{ detection_id: string }>(
        `INSERT INTO detection (image_id, category, score, x_px, y_px, width_px, height_px, model_version)
         VALUES ($1, 'joint', $2, 1, 2, 3, 4, 'v1'), ($1, 'joint', $2 - 0.1, 5, 5, 3, 4, 'v1') RETURNING detection_id`,
        [images[0]!.image_id, score],
      );
      for (const { detection_id } of rows)
        await database().query(
          'INSERT INTO finding_evidence (finding_id, image_id, detection_id) VALUES ($1, $2, $3)',
          [findingId, images[0]!.image_id, detection_id],
        );
      boxes[name] = rows[0]!.detection_id;
      if (name === 'wrong')
        await say('rejected', images[0]!.image_id, ...rows.map((row) => row.detection_id));
      if (name === 'judged') await say('confirmed', images[0]!.image_id, rows[0]!.detection_id);
    }
    const evidence = await new TowerReportRepository(database()).evidence([findingId]);
    expect(evidence.map(({ fileName }) => fileName)).toEqual(['judged', 'sure', 'dim']);
    expect(evidence[1]).toMatchObject({
      picture: { widthPx: 100, heightPx: 80 },
      box: { xPx: 1, yPx: 2, widthPx: 3, heightPx: 4 },
      score: 0.95,
    });
  });

  async function say(decision: string, imageId: string, ...detectionIds: string[]): Promise<void> {
    for (const detectionId of detectionIds)
      await database().query(
        `INSERT INTO box_review (image_id, detection_id, decision, category, x_px, y_px, width_px, height_px, reviewer)
         VALUES ($1, $2, $3, 'joint', 1, 2, 3, 4, 'anna')`,
        [imageId, detectionId, decision],
      );
  }
});
