/** `spanwatch export annotations`: photographs' boxes as a data set that detectors are trained on. */
import path from 'node:path';
import { Command, Option } from 'commander';
import { ANNOTATION_FORMS, type AnnotationForm } from '../core/annotation/annotation.ts';
import { ExportAnnotations, type ExportReport } from '../features/exchange/export-annotations.ts';
import { BlobStore } from '../platform/blobs/blob-store.ts';
import { AnnotationCategoryRepository } from '../platform/storage/annotation-category-repository.ts';
import {
  AnnotationExportRepository,
  type AnnotationSelection,
} from '../platform/storage/annotation-export-repository.ts';
import { readSettings } from '../settings.ts';
import { lendDatabase } from './lend-database.ts';
import { terminalProgress } from './terminal-progress.ts';

interface Options {
  readonly form: AnnotationForm;
  readonly out: string;
  readonly state: AnnotationSelection['state'];
  readonly flight?: string;
  readonly line?: string;
  readonly withImages: boolean;
  readonly json: boolean;
}

export function exportAnnotationsCommand(): Command {
  const form = new Option('--form <form>', 'of the set').choices(ANNOTATION_FORMS).makeOptionMandatory();
  const state = new Option('--state <state>', 'confirmed by a person, proposed by the detector, or all')
    .choices(['confirmed', 'proposed', 'all'])
    .default('confirmed');
  return new Command('annotations')
    .description(
      'write boxes as a data set in COCO, Pascal VOC or YOLO form, which `detector train` and `import annotations` take',
    )
    .addOption(form)
    .requiredOption('--out <folder>', 'folder to write, which must be empty or not be there')
    .addOption(state)
    .option('--flight <id>', 'of one flight')
    .option('--line <id>', 'of one line')
    .option('--with-images', 'with copies of the original photographs', false)
    .option('--json', 'print the report as one line of JSON', false)
    .action(run);
}

async function run({ form, out, state, flight, line, withImages, json }: Options): Promise<void> {
  const settings = readSettings();
  const selection = { state, flight: flight ?? null, line: line ?? null };
  const report = await lendDatabase(settings, (database) =>
    new ExportAnnotations(
      new AnnotationExportRepository(database),
      new AnnotationCategoryRepository(database),
      new BlobStore(path.join(settings.DATA_DIR, 'blobs')),
    ).run(form, selection, out, withImages, terminalProgress()),
  );
  tell(report, out, json);
}

function tell(report: ExportReport, out: string, json: boolean): void {
  const { pictures, boxes, withoutBoxes, undecidedPictures, missing } = report;
  if (missing.length > 0) process.exitCode = 1;
  const sentence = `Exported ${boxes} boxes of ${pictures} photographs to ${out}; ${withoutBoxes} of these show nothing.`;
  process.stdout.write(`${json ? JSON.stringify({ out, ...report }) : sentence}\n`);
  if (json) return;
  if (undecidedPictures > 0) {
    process.stderr.write(
      `${undecidedPictures} of the photographs have boxes beside these that nobody has judged: to a detector that learns from the set, nothing is there.\n`,
    );
  }
  for (const name of missing) process.stderr.write(`the original of ${name} is gone from the store\n`);
}
