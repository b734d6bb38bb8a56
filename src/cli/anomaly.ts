/** `spanwatch anomaly`: train the anomaly model on files and score files with it. */
import { Command } from 'commander';
import { anomalyScoreCommand } from './anomaly-score.ts';
import { anomalyTrainCommand } from './anomaly-train.ts';

export function anomalyCommand(): Command {
  return new Command('anomaly').addCommand(anomalyTrainCommand()).addCommand(anomalyScoreCommand());
}
