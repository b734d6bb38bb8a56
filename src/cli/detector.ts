/** `spanwatch detector`: train, measure and use the detector of insulators, joints and their defects. */
import { Command } from 'commander';
import { addCommands, type CommandList } from './add-commands.ts';

const COMMANDS: CommandList = {
  split: async () => (await import('./detector-split.ts')).detectorSplitCommand(),
  train: async () => (await import('./detector-train.ts')).detectorTrainCommand(),
  evaluate: async () => (await import('./detector-evaluate.ts')).detectorEvaluateCommand(),
  detect: async () => (await import('./detector-detect.ts')).detectorDetectCommand(),
};

export function detectorCommand(words: readonly string[]): Promise<Command> {
  const command = new Command('detector').description(
    'train, measure and use the detector of insulators, joints and their defects',
  );
  return addCommands(command, COMMANDS, words);
}
