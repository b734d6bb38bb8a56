/** `spanwatch rejected`: look at what could not be stored, try it again, and clear it away. */
import { Command } from 'commander';
import { addCommands, type CommandList } from './add-commands.ts';

const COMMANDS: CommandList = {
  list: async () => (await import('./rejected-list.ts')).rejectedListCommand(),
  replay: async () => (await import('./rejected-replay.ts')).rejectedReplayCommand(),
  purge: async () => (await import('./rejected-purge.ts')).rejectedPurgeCommand(),
};

export function rejectedCommand(words: readonly string[]): Promise<Command> {
  const command = new Command('rejected').description(
    'look at messages that could not be stored, try them again, and clear them away',
  );
  return addCommands(command, COMMANDS, words);
}
