/** The page of all dashboards, drawn from a real database: what is in it, what is empty, and that it can't be broken. */
import { beforeAll, describe, expect, it } from 'vitest';
import { buildDashboards, DEFAULT_OPTIONS } from '../../dashboards/files/generate-files.ts';
import { columnType } from '../../dashboards/checks/column-type.ts';
import { drawPage, type Page } from '../../dashboards/preview/draw-page.ts';
import { fillFleet, SMALL_FLEET } from '../fixtures/fill-fleet.ts';
import { withTestDatabase } from '../support/test-database.ts';

const { database } = withTestDatabase();

async function draw(): Promise<Page> {
  const { rows } = await database().query(`SELECT FROM pg_extension WHERE extname = 'timescaledb'`);
  return drawPage(
    buildDashboards(DEFAULT_OPTIONS),
    {
      timescaledb: rows.length > 0,
      ask: async (text) => {
        const result = await database().query<Record<string, unknown>>(text);
        return {
          rows: result.rows,
          columns: result.fields.map(({ name, dataTypeID }) => ({ name, type: columnType(dataTypeID) })),
        };
      },
      thumbnail: () => Promise.resolve(null),
    },
    'http://127.0.0.1:3000',
  );
}

describe('the page of dashboards', () => {
  it('of an empty database shows every panel with what to do', async () => {
    const { text, panels, empty } = await draw();
    expect(panels).toBeGreaterThan(50);
    expect(empty.length).toBeGreaterThan(30);
    expect(text).toContain('The line has no tower yet: import assets, or let its sensors publish.');
  });

  describe('of a fleet', () => {
    let page: Page;
    beforeAll(async () => {
      await fillFleet(database(), SMALL_FLEET, new Date());
      await database().query(`UPDATE buried_job SET cause = '<script>alert(1)</script>'`);
      page = await draw();
    });

    it('leaves only that empty of which there is nothing', () => {
      expect(page.empty).toEqual(['Spanwatch / Model quality: Jobs that wait or run']);
    });

    it('has a section for each board, and charts with points', () => {
      for (const { uid } of buildDashboards(DEFAULT_OPTIONS))
        expect(page.text).toContain(`<section id="${uid}">`);
      const charts = /\(window, (\{.*\})\)<\/script>/.exec(page.text)?.[1] ?? '{}';
      const options = JSON.parse(charts.replaceAll('<\\/', '</')) as Record<
        string,
        { series: { data: unknown[] }[] }
      >;
      expect(Object.keys(options).length).toBeGreaterThan(15);
      for (const { series } of Object.values(options))
        expect(series.some(({ data }) => data.length > 0)).toBe(true);
    });

    it('shows what is in the database as text, and never runs it', () => {
      expect(page.text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
      expect(page.text).not.toContain('<script>alert(1)');
    });
  });
});
