/** `spanwatch rejected`: look at what could not be stored, try it again, and clear it away. */
import { Command } from 'commander';
import { addCommands, type CommandList } from './add-commands.ts';

const COMMANDS: CommandList = {
  list: {
    about: 'list messages that could not be stored, the newest first',
    load: async () => (await import('./rejected-list.ts')).rejectedListCommand(),
  },
  replay: {
    about:
      'read waiting messages again as if they had just come; what can be stored now is marked, the rest goes on waiting',
    load: async () => (await import('./rejected-replay.ts')).rejectedReplayCommand(),
  },
  purge: {
    about: 'delete rejected messages that are older than a span of time, for good',
    load: async () => (await import('./rejected-purge.ts')).rejectedPurgeCommand(),
  },
};

export function rejectedCommand(words: readonly string[]): Promise<Command> {
  const command = new Command('rejected');
  return addCommands(command, COMMANDS, words);
}
