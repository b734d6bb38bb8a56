/** `spanwatch detector`: train, measure and use the detector of insulators, joints and their defects. */
import { Command } from 'commander';
import { detectorDetectCommand } from './detector-detect.ts';
import { detectorEvaluateCommand } from './detector-evaluate.ts';
import { detectorSplitCommand } from './detector-split.ts';
import { detectorTrainCommand } from './detector-train.ts';

export function detectorCommand(): Command {
  return new Command('detector')
    .description('train, measure and use the detector of insulators, joints and their defects')
    .addCommand(detectorSplitCommand())
    .addCommand(detectorTrainCommand())
    .addCommand(detectorEvaluateCommand())
    .addCommand(detectorDetectCommand());
}
