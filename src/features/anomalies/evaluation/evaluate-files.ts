/** Reads scores or telemetry, truth and context from files and measures the one against the other. */
import { stat } from 'node:fs/promises';
import { BadInput } from '../../../core/domain/failure.ts';
import type { ProgressListener } from '../../../core/domain/progress.ts';
import { readCsv } from '../../../platform/csv/read-csv.ts';
import { evaluateScores, type Evaluation, type EvaluationOptions } from './evaluate-scores.ts';
import { attachContext, readScores, scoreTelemetry } from './read-scores.ts';
import { readTruth } from './read-truth.ts';
import type { SensorScores } from './sensor-scores.ts';
import type { TrueDefect } from './true-defect.ts';

export interface EvaluationFiles {
  /** Either scores, or a model that scores the telemetry. */
  readonly scoresCsv?: string;
  readonly model?: string;
  /** Needed to score, and for the context of scores. */
  readonly telemetryCsv?: string;
  readonly truthCsv: string;
  /** Columns of the telemetry; those of the model where left out. */
  readonly context?: readonly string[];
  /** Which column is rain; found by its name where left out. */
  readonly rainColumn?: string;
  /** `sensor_id` and `tower_id`: sensors of one tower are not independent. */
  readonly sitesCsv?: string;
}

const RAIN = /rain|precip/i;

export async function evaluateFiles(
  files: EvaluationFiles,
  options: EvaluationOptions,
  progress: ProgressListener,
): Promise<Evaluation> {
  const truth = await readTruth(files.truthCsv);
  const towers = files.sitesCsv === undefined ? new Map<string, string>() : await readTowers(files.sitesCsv);
  const { scores, context } = await gatherScores(files, progress);
  checkTruth(files.truthCsv, truth, scores);
  const rainColumn = files.rainColumn ?? context.find((name) => RAIN.test(name)) ?? null;
  if (rainColumn !== null && !context.includes(rainColumn)) {
    throw new BadInput(
      'rain-column',
      `The rain column ${rainColumn} is not among the context; that is ${context.join(', ') || 'empty'}.`,
    );
  }
  let done = 0;
  return evaluateScores({ sensors: scores, truth, context, rainColumn, towers }, options, (note) =>
    progress({ stage: 'evaluating', done: done++, total: 4, note }),
  );
}

async function gatherScores(
  { scoresCsv, model, telemetryCsv, context }: EvaluationFiles,
  progress: ProgressListener,
): Promise<{ readonly scores: SensorScores[]; readonly context: readonly string[] }> {
  const follow = async (stage: string, file: string): Promise<(bytes: number) => void> => {
    const { size } = await stat(file).catch(() => ({ size: 1 }));
    return (done) => progress({ stage, done, total: size });
  };
  if (model !== undefined && scoresCsv === undefined && telemetryCsv !== undefined) {
    return scoreTelemetry(model, telemetryCsv, context ?? null, await follow('scoring', telemetryCsv));
  }
  if (scoresCsv === undefined || model !== undefined) {
    throw new BadInput(
      'evaluation-input',
      'Give either --scores, or --model with --telemetry: those are what can be evaluated.',
    );
  }
  const columns = context ?? [];
  if (columns.length > 0 && telemetryCsv === undefined) {
    throw new BadInput(
      'evaluation-input',
      'The context is in the telemetry: give --telemetry with --context.',
    );
  }
  const scores = await readScores(scoresCsv, columns.length, await follow('reading scores', scoresCsv));
  if (telemetryCsv !== undefined && columns.length > 0) {
    await attachContext(scores, telemetryCsv, columns, await follow('reading context', telemetryCsv));
  }
  return { scores, context: columns };
}

function checkTruth(
  file: string,
  truth: ReadonlyMap<string, readonly TrueDefect[]>,
  scores: readonly SensorScores[],
): void {
  const known = new Set(scores.map(({ sensorId }) => sensorId));
  if (scores.length === 0) throw new BadInput('no-scores', 'There is not one score to evaluate.');
  if (truth.size === 0 || [...truth.keys()].some((sensorId) => known.has(sensorId))) return;
  throw new BadInput(
    'truth-elsewhere',
    `None of the sensors in ${file} was scored, such as ${[...truth.keys()][0]}; is it the truth about another grid?`,
  );
}

async function readTowers(file: string): Promise<Map<string, string>> {
  const towers = new Map<string, string>();
  const columns = { required: ['sensor_id', 'tower_id'], optional: ['line_id'] };
  for await (const rows of readCsv(file, columns)) {
    // Towers are numbered line by line.
    for (const { cells } of rows) towers.set(cells[0]!, `${cells[2]}/${cells[1]}`);
  }
  return towers;
}
