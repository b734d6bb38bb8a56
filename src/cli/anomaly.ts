/** `spanwatch anomaly`: train the anomaly model on files, score files with it, and measure the scores. */
import { Command } from 'commander';
import { anomalyEvaluateCommand } from './anomaly-evaluate.ts';
import { anomalyScoreCommand } from './anomaly-score.ts';
import { anomalyTrainCommand } from './anomaly-train.ts';

export function anomalyCommand(): Command {
  return new Command('anomaly')
    .addCommand(anomalyTrainCommand())
    .addCommand(anomalyScoreCommand())
    .addCommand(anomalyEvaluateCommand());
}
