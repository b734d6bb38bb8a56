/** Writes what training may see as files, so that a training run can be repeated from them alone. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import type { TrainingSnapshotRepository } from '../../platform/storage/training-snapshot-repository.ts';

export interface Snapshot {
  readonly telemetryCsv: string;
  readonly inspectionsCsv: string;
  readonly sitesCsv: string;
  readonly readings: number;
  readonly looks: number;
}

type Cell = string | number | Date | null;

/** Column names come from the first row: snapshots of other tables need no other writer. */
export async function writeSnapshot(
  repository: TrainingSnapshotRepository,
  cutoff: Date,
  folder: string,
): Promise<Snapshot> {
  await mkdir(folder, { recursive: true });
  const telemetryCsv = path.join(folder, 'telemetry.csv');
  const inspectionsCsv = path.join(folder, 'inspections.csv');
  const sitesCsv = path.join(folder, 'sites.csv');
  const readings = await writeRows(telemetryCsv, repository.telemetry(cutoff));
  const inspections = await repository.inspections(cutoff);
  const looks = await writeRows(inspectionsCsv, [inspections.map((row) => ({ ...row }))]);
  await writeRows(sitesCsv, [(await repository.sites()).map((row) => ({ ...row }))]);
  return { telemetryCsv, inspectionsCsv, sitesCsv, readings, looks };
}

async function writeRows(
  file: string,
  batches: AsyncIterable<Record<string, Cell>[]> | Iterable<Record<string, Cell>[]>,
): Promise<number> {
  const stream = createWriteStream(file);
  let count = 0;
  for await (const rows of batches) {
    const [first] = rows;
    if (!first) continue;
    const header = count === 0 ? `${Object.keys(first).join(',')}\n` : '';
    const body = rows.map((row) => `${Object.values(row).map(writeCell).join(',')}\n`).join('');
    if (!stream.write(header + body)) await once(stream, 'drain');
    count += rows.length;
  }
  stream.end();
  await finished(stream);
  return count;
}

/** Ids are limited to letters, digits, hyphens and underscores, so no cell needs quoting. */
function writeCell(cell: Cell): string {
  if (cell === null) return '';
  return cell instanceof Date ? cell.toISOString() : String(cell);
}
