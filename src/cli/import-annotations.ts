/** `spanwatch import annotations`: boxes that people drew with other tools. */
import { Command, Option } from 'commander';
import { ANNOTATION_FORMS, type AnnotationForm } from '../core/annotation/annotation.ts';
import { ImportAnnotations, type AnnotationReport } from '../features/exchange/import-annotations.ts';
import { openAnnotated } from '../features/exchange/open-annotated.ts';
import { readFlightId } from '../features/inspection/intake/read-flight-id.ts';
import { AnnotationCategoryRepository } from '../platform/storage/annotation-category-repository.ts';
import { AnnotationRepository } from '../platform/storage/annotation-repository.ts';
import { FindingRepository } from '../platform/storage/finding-repository.ts';
import { NamedPictureRepository } from '../platform/storage/named-picture-repository.ts';
import { readSettings } from '../settings.ts';
import { lendDatabase } from './lend-database.ts';
import { lendIntake } from './lend-intake.ts';
import { terminalProgress } from './terminal-progress.ts';

interface Options {
  readonly form: AnnotationForm;
  readonly reviewer: string;
  readonly flight?: string;
  readonly json: boolean;
}

/** Enough to see a pattern; all are in the report of --json. */
const MOST_TOLD = 50;

export function importAnnotationsCommand(): Command {
  const form = new Option('--form <form>', 'of the set').choices(ANNOTATION_FORMS).makeOptionMandatory();
  return new Command('annotations')
    .description(
      'take in boxes that people drew: of photographs that are known, and of those in the set, which are taken in; may be repeated, nothing is said twice',
    )
    .argument('<set>', 'folder or ZIP; of COCO also its JSON')
    .addOption(form)
    .option('--reviewer <name>', 'whose word the boxes are, where the set does not say', 'import')
    .option('--flight <id>', 'mission of photographs that are taken in; by default one flight a line and day')
    .option('--json', 'print the report as one line of JSON', false)
    .action(run);
}

async function run(set: string, { form, reviewer, flight, json }: Options): Promise<void> {
  const settings = readSettings();
  const flightId = readFlightId(flight);
  const report = await openAnnotated(set, form, (place) =>
    lendDatabase(settings, (database) =>
      lendIntake(settings, database, (intake) =>
        new ImportAnnotations(
          database,
          new NamedPictureRepository(database),
          new AnnotationRepository(database),
          new FindingRepository(database),
          new AnnotationCategoryRepository(database),
          async (path, fileName) => void (await intake.acceptCopy({ path, fileName, flightId })),
        ).run({ form, ...place, reviewer }, terminalProgress()),
      ),
    ),
  );
  tell(report, json);
}

function tell(report: AnnotationReport, json: boolean): void {
  const { pictures, takenIn, added, confirmed, corrected, reclassed, known, proposals, problems } = report;
  if (problems.length > 0) process.exitCode = 1;
  const sentence = `Read ${pictures} photographs, ${takenIn} of them new: ${added} boxes added, ${confirmed} confirmed, ${corrected} corrected, ${reclassed} called otherwise; ${known} were known, ${proposals} are a detector's and were passed over.`;
  process.stdout.write(`${json ? JSON.stringify(report) : sentence}\n`);
  if (json) return;
  // A name may hold line breaks.
  for (const problem of problems.slice(0, MOST_TOLD))
    process.stderr.write(`${problem.replace(/\s+/g, ' ')}\n`);
  if (problems.length > MOST_TOLD) process.stderr.write(`and ${problems.length - MOST_TOLD} more\n`);
}
