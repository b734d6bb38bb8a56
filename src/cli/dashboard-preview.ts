/** Shows the dashboards without a Grafana: runs their queries on the database and writes one page. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { columnType } from '../../dashboards/checks/column-type.ts';
import { buildDashboards, type GrafanaOptions } from '../../dashboards/files/generate-files.ts';
import type { PreviewSource } from '../../dashboards/preview/ask.ts';
import { drawPage, type Page } from '../../dashboards/preview/draw-page.ts';
import { Thumbnails } from '../features/inspection/thumbnails.ts';
import { BlobStore } from '../platform/blobs/blob-store.ts';
import { AnnotationRepository } from '../platform/storage/annotation-repository.ts';
import type { Database } from '../platform/storage/database.ts';
import { ImageRepository } from '../platform/storage/image-repository.ts';
import { readSettings } from '../settings.ts';
import { lendDatabase } from './lend-database.ts';

/** A board that takes longer than this in Grafana is of no use there. */
const LIMIT_MS = 15_000;

export async function previewDashboards(file: string, options: GrafanaOptions): Promise<Omit<Page, 'text'>> {
  const settings = readSettings();
  const blobs = new BlobStore(path.join(settings.DATA_DIR, 'blobs'));
  const { text, ...report } = await lendDatabase(settings, async (database) =>
    drawPage(
      buildDashboards(options),
      await sourceOf(database, blobs, settings.MAX_IMAGE_MEGAPIXELS),
      options.apiUrl,
    ),
  );
  await writeFile(file, text);
  return report;
}

async function sourceOf(database: Database, blobs: BlobStore, maxMegapixels: number): Promise<PreviewSource> {
  const images = new ImageRepository(database);
  const thumbnails = new Thumbnails(blobs, new AnnotationRepository(database), maxMegapixels);
  const { rows } = await database.query(`SELECT FROM pg_extension WHERE extname = 'timescaledb'`);
  return {
    timescaledb: rows.length > 0,
    ask: async (text) => {
      const result = await database.query<Record<string, unknown>>(text, [], LIMIT_MS);
      return {
        rows: result.rows,
        columns: result.fields.map(({ name, dataTypeID }) => ({ name, type: columnType(dataTypeID) })),
      };
    },
    thumbnail: async (imageId, withBoxes) => {
      const image = await images.find(imageId);
      if (!image || !(await blobs.has(image.sha256))) return null;
      const small = await (withBoxes ? thumbnails.withBoxes(image) : thumbnails.plain(image));
      return `data:image/jpeg;base64,${small.toString('base64')}`;
    },
  };
}
