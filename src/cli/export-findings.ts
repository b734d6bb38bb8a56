/** `spanwatch export findings`: findings as GeoJSON for maps or CSV for work orders, to a file or to whoever reads on. */
import path from 'node:path';
import { Command, Option } from 'commander';
import { FINDING_FORMS, type FindingForm } from '../core/exchange/finding-text.ts';
import { BadInput } from '../core/domain/failure.ts';
import { exportFindings } from '../features/exchange/export-findings.ts';
import { FindingExportRepository } from '../platform/storage/finding-export-repository.ts';
import { readSettings } from '../settings.ts';
import { lendDatabase } from './lend-database.ts';
import { openTextOutput } from './open-text-output.ts';
import { instant } from './read-option.ts';
import { terminalProgress } from './terminal-progress.ts';

interface Options {
  readonly form?: FindingForm;
  readonly out: string;
  readonly from?: Date;
  readonly to?: Date;
  readonly line?: string;
  readonly open: boolean;
  readonly linkBase?: string;
  readonly json: boolean;
}

export function exportFindingsCommand(): Command {
  return new Command('findings')
    .description('write findings with where their towers stand')
    .requiredOption('--out <file>', 'file to write, or - for standard output')
    .addOption(
      new Option('--form <form>', 'what is written; by default CSV for .csv, else GeoJSON').choices(
        FINDING_FORMS,
      ),
    )
    .option(
      '--from <iso>',
      'inspected at or after this time, such as 2026-05-01T00:00:00Z',
      instant('--from'),
    )
    .option('--to <iso>', 'inspected before this time', instant('--to'))
    .option('--line <id>', 'of one line')
    .option('--open', 'only defects of the newest look at each tower that nobody has rejected', false)
    .option('--link-base <url>', 'where the HTTP door is, for links to reports; by default HOST and PORT')
    .option('--json', 'print the report as one line of JSON; on standard error when --out is -', false)
    .action(run);
}

async function run({ form, out, from, to, line, open, linkBase, json }: Options): Promise<void> {
  const settings = readSettings();
  const selection = { from: from ?? null, to: to ?? null, line: line ?? null, isOpen: open };
  const base = readBase(linkBase ?? `http://${settings.HOST}:${settings.PORT}`);
  const kind = form ?? (path.extname(out).toLowerCase() === '.csv' ? 'csv' : 'geojson');
  const output = await openTextOutput(out);
  let written = 0;
  try {
    await lendDatabase(settings, async (database) => {
      const findings = new FindingExportRepository(database);
      const [total, onProgress] = [await findings.count(selection), terminalProgress()];
      const onWritten = (done: number) => {
        written = done;
        onProgress({ stage: 'exporting findings', done, total: Math.max(done, total) });
      };
      for await (const text of exportFindings(findings, kind, selection, base, onWritten)) {
        await output.write(text);
      }
    });
    await output.keep();
    const report = out === '-' ? process.stderr : process.stdout;
    report.write(
      `${json ? JSON.stringify({ out, findings: written }) : `Exported ${written} findings to ${out}`}\n`,
    );
  } catch (error) {
    // Whoever reads on, such as `head`, may have had enough.
    if (await output.discard()) throw error;
  }
}

function readBase(text: string): string {
  if (URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol)) return text;
  throw new BadInput(
    'option-out-of-range',
    `--link-base is '${text}', but must be a URL such as https://spanwatch.example.org.`,
  );
}
