/** `spanwatch detector evaluate`: how good a detector is on pictures with known truth. */
import { Command } from 'commander';
import { cheatChecks, type CheatFigures } from '../features/training/cheat-checks.ts';
import {
  detectorFigures,
  type DetectorFigures,
  type Estimate,
  type Share,
} from '../features/training/detector-figures.ts';
import { inspectPictures } from '../features/training/inspect-pictures.ts';
import { addDataOptions, measuredData, type DataOptions } from './detector-data.ts';
import { addModelOptions, openInspection, type ModelOptions } from './open-inspection.ts';
import { terminalProgress } from './terminal-progress.ts';

interface EvaluateOptions extends DataOptions, ModelOptions {
  readonly json: boolean;
}

type Figures = DetectorFigures & { readonly shortcuts: CheatFigures };

export function detectorEvaluateCommand(): Command {
  const command = new Command('evaluate');
  return addModelOptions(addDataOptions(command))
    .option('--json', 'print the figures as one line of JSON', false)
    .action(evaluate);
}

async function evaluate(options: EvaluateOptions): Promise<void> {
  const onProgress = terminalProgress();
  const measured = await measuredData(options, onProgress);
  const inspection = await openInspection(options);
  const all: Record<string, Figures> = {};
  for (const { name, pictures, clusters } of measured) {
    const inspected = await inspectPictures(inspection, pictures, onProgress, `measuring on ${name}`);
    const figures = detectorFigures(inspected, clusters, inspection.classes);
    all[name] = { ...figures, shortcuts: await cheatChecks(inspection, pictures, onProgress) };
  }
  inspection.dispose();
  const version = inspection.modelVersion;
  process.stdout.write(options.json ? `${JSON.stringify({ version, ...all })}\n` : tell(version, all));
}

function tell(version: string, all: Readonly<Record<string, Figures>>): string {
  return [version, ...Object.entries(all).flatMap(([name, figures]) => describe(name, figures)), ''].join(
    '\n',
  );
}

function describe(name: string, figures: Figures): string[] {
  const { pictures, clusters, classes, defectRecall, falseDefectPictures, shortcuts } = figures;
  const rows = Object.entries(classes).flatMap(([category, each]) => [
    `${category} (${each.objects})`,
    `  AP50 ${estimate(each.ap50)}  AP75 ${estimate(each.ap75)}  AP50:95 ${estimate(each.ap50to95)}`,
    `  found at the threshold ${percent(each.recall)}, ${each.falseDetections} false; at 95 % precision ${estimate(each.recallAtPrecision95)}`,
    `  by size: small ${percent(each.recallBySize.small)}, medium ${percent(each.recallBySize.medium)}, large ${percent(each.recallBySize.large)}`,
    `  calibration error ${each.calibration.error.toFixed(4)}, by chance ${each.calibration.expectedError.toFixed(4)}, p = ${each.calibration.pValue.toFixed(3)}`,
  ]);
  return [
    `\n${name}: ${pictures} pictures in ${clusters} clusters`,
    ...rows,
    `defects found: ${percent(defectRecall)}`,
    `pictures without a defect on which one is reported: ${percent(falseDefectPictures)}`,
    `defects that vanish when painted out: ${percent(shortcuts.vanishPaintedOut)}`,
    `those reported once seams are pasted in: ${percent(shortcuts.flaggedForSeams)}`,
  ];
}

/** @example 0.975 (0.941 to 0.993) */
function estimate(figure: Estimate): string {
  if (figure === null) return 'none';
  const { value, lower, upper } = figure;
  return `${value.toFixed(3)} (${lower.toFixed(3)} to ${upper.toFixed(3)})`;
}

/** @example 98.3 % of 120 (94.1 to 99.5) */
function percent({ share, of, lower, upper }: Share): string {
  const hundredths = (value: number): string => (100 * value).toFixed(1);
  return share === null
    ? 'none'
    : `${hundredths(share)} % of ${of} (${hundredths(lower)} to ${hundredths(upper)})`;
}
