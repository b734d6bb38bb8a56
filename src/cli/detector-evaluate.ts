/** `spanwatch detector evaluate`: how good a detector is on pictures with known truth. */
import { Command } from 'commander';
import { createLineInspection } from '../catalogue/amalgamations/line-inspection/line-inspection.ts';
import { parseParameters } from '../catalogue/models/defect-detector/parameters.ts';
import { readModelFolder } from '../platform/blobs/model-folder.ts';
import { prepareCompute } from '../platform/compute/choose-backend.ts';
import { shippedModelFolder } from '../platform/project-root.ts';
import {
  evaluateDetector,
  type DetectorFigures,
  type Share,
} from '../features/training/evaluate-detector.ts';
import { readSettings } from '../settings.ts';
import { evaluationData, type DataOptions } from './detector-data.ts';
import { seedNumber, wholeNumber } from './read-option.ts';
import { terminalProgress } from './terminal-progress.ts';

interface EvaluateOptions extends DataOptions {
  readonly model: string;
  readonly json: boolean;
}

export function detectorEvaluateCommand(): Command {
  return new Command('evaluate')
    .description('measure a detector: precision, recall, false defects, calibration, each with its interval')
    .option('--model <folder>', 'model to measure', shippedModelFolder('defect-detector'))
    .option('--dataset <folder>', 'labelled pictures in COCO form: annotations.json and images/')
    .option('--split <file>', 'JSON whose "validation" lists the pictures to measure on')
    .option(
      '--rendered <count>',
      'measure on this many rendered photographs instead',
      wholeNumber('--rendered', 1),
    )
    .option('--seed <number>', 'of the rendered photographs', seedNumber, 1)
    .option('--json', 'print the figures as one line of JSON', false)
    .action(evaluate);
}

async function evaluate(options: EvaluateOptions): Promise<void> {
  const pictures = await evaluationData(options);
  const artifact = await readModelFolder(options.model);
  await prepareCompute(readSettings().TFJS_BACKEND);
  const inspection = createLineInspection(artifact);
  const { thresholds } = parseParameters(artifact.manifest.parameters);
  const figures = await evaluateDetector(inspection, thresholds, pictures, terminalProgress());
  inspection.dispose();
  const { version } = artifact.manifest;
  process.stdout.write(
    options.json ? `${JSON.stringify({ version, ...figures })}\n` : describe(version, figures),
  );
}

function describe(version: string, figures: DetectorFigures): string {
  const rows = Object.entries(figures.categories).map(
    ([category, { averagePrecision50, recall, falseDetections }]) =>
      `${category.padEnd(18)}${averagePrecision50?.toFixed(3) ?? 'none'}  ${percent(recall)}  ${falseDetections} false`,
  );
  const { defectCalibration, defectRecall, falseDefectsPerHealthyObject } = figures;
  return [
    `${version} on ${figures.pictures} pictures`,
    `${'category'.padEnd(18)}AP50   recall at the threshold`,
    ...rows,
    `defects found: ${percent(defectRecall)}`,
    `false defects in 100 healthy objects: ${percent(falseDefectsPerHealthyObject)}`,
    `calibration error of defects: ${defectCalibration.error.toFixed(4)}, by chance ${defectCalibration.expectedError.toFixed(4)}, p = ${defectCalibration.pValue.toFixed(3)}`,
    '',
  ].join('\n');
}

/** @example 98.3 % of 120 (94.1 to 99.5) */
function percent({ share, of, lower, upper }: Share): string {
  const hundredths = (value: number): string => (100 * value).toFixed(1);
  return share === null
    ? 'none'
    : `${hundredths(share)} % of ${of} (${hundredths(lower)} to ${hundredths(upper)})`;
}
