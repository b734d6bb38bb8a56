/** `spanwatch anomaly evaluate`: how good scores are where the truth is known. */
import { Command } from 'commander';
import { describeEvaluation } from '../features/anomalies/evaluation/describe-evaluation.ts';
import { evaluateFiles } from '../features/anomalies/evaluation/evaluate-files.ts';
import { EVALUATION_DEFAULTS } from '../features/anomalies/evaluation/evaluate-scores.ts';
import { columnNames, instant, numberFrom, seedNumber, wholeNumber } from './read-option.ts';
import { terminalProgress } from './terminal-progress.ts';

interface EvaluateOptions {
  readonly scores?: string;
  readonly model?: string;
  readonly telemetry?: string;
  readonly truth: string;
  readonly context?: string[];
  readonly rain?: string;
  readonly sites?: string;
  readonly from?: Date;
  readonly leastHours: number;
  readonly withinDays: number;
  readonly seed: number;
  readonly draws: number;
  readonly json: boolean;
}

export function anomalyEvaluateCommand(): Command {
  return new Command('evaluate')
    .description(
      'measure scores against the truth: found defects, false alarms, calibration, and what is weather',
    )
    .option('--scores <csv>', 'scores, as `anomaly score` writes them')
    .option('--model <folder>', 'a model that scores --telemetry on the way, instead of --scores')
    .option('--telemetry <csv>', 'what --model scores, or where the context of --scores is')
    .requiredOption(
      '--truth <csv>',
      'sensor_id, kind, onset_at; where there are such: ratio_2_at, peak_joint_ratio, shorted_discs, repaired_at',
    )
    .option(
      '--context <names>',
      'weather and load columns of the telemetry; default: those of the model',
      columnNames,
    )
    .option('--rain <column>', 'which of them is rain; default: the one that is named so')
    .option('--sites <csv>', 'sensor_id, tower_id: intervals are over towers instead of over sensors')
    .option('--from <time>', 'judge only what comes after training, with its zone', instant('--from'))
    .option(
      '--least-hours <hours>',
      'judge only defects that were severe for so long',
      numberFrom('--least-hours', 0),
      EVALUATION_DEFAULTS.leastWatchedHours,
    )
    .option(
      '--within-days <days>',
      'an event counts as finding a defect up to so long after it became severe',
      numberFrom('--within-days', 0),
      EVALUATION_DEFAULTS.foundWithinDays,
    )
    .option('--seed <number>', 'of the bootstrap', seedNumber, EVALUATION_DEFAULTS.seed)
    .option(
      '--draws <count>',
      'of the bootstrap',
      wholeNumber('--draws', 20, 10_000),
      EVALUATION_DEFAULTS.draws,
    )
    .option('--json', 'print the figures as one line of JSON', false)
    .action(evaluate);
}

async function evaluate(options: EvaluateOptions): Promise<void> {
  const { scores, model, telemetry, truth, context, rain, sites, from, json } = options;
  const evaluation = await evaluateFiles(
    {
      truthCsv: truth,
      ...(scores !== undefined ? { scoresCsv: scores } : {}),
      ...(model !== undefined ? { model } : {}),
      ...(telemetry !== undefined ? { telemetryCsv: telemetry } : {}),
      ...(context !== undefined ? { context } : {}),
      ...(rain !== undefined ? { rainColumn: rain } : {}),
      ...(sites !== undefined ? { sitesCsv: sites } : {}),
    },
    {
      from: from?.getTime() ?? EVALUATION_DEFAULTS.from,
      leastWatchedHours: options.leastHours,
      foundWithinDays: options.withinDays,
      seed: options.seed,
      draws: options.draws,
    },
    terminalProgress(json ? 'json' : 'text'),
  );
  process.stdout.write(json ? `${JSON.stringify(evaluation)}\n` : describeEvaluation(evaluation));
}
