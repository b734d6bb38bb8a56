/** `spanwatch detector`: train, measure and use the detector of insulators, joints and their defects. */
import { Command } from 'commander';
import { addCommands, type CommandList } from './add-commands.ts';

const COMMANDS: CommandList = {
  split: {
    about: 'divide a data set by clusters of like pictures, or at random to see what leakage is worth',
    load: async () => (await import('./detector-split.ts')).detectorSplitCommand(),
  },
  train: {
    about:
      'train, calibrate and measure a detector; goes on where it was stopped; needs native TensorFlow (npm run tensorflow)',
    load: async () => (await import('./detector-train.ts')).detectorTrainCommand(),
  },
  evaluate: {
    about:
      'measure a detector: precision, recall, false defects, calibration and shortcuts, each with its interval',
    load: async () => (await import('./detector-evaluate.ts')).detectorEvaluateCommand(),
  },
  detect: {
    about: 'say what is on pictures: insulators, joints and their defects',
    load: async () => (await import('./detector-detect.ts')).detectorDetectCommand(),
  },
};

export function detectorCommand(words: readonly string[]): Promise<Command> {
  const command = new Command('detector');
  return addCommands(command, COMMANDS, words);
}
