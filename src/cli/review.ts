/** `spanwatch review`: what waits for a person, and what a person decides. */
import { Command } from 'commander';
import { addCommands, type CommandList } from './add-commands.ts';

const COMMANDS: CommandList = {
  list: {
    about: 'list findings that wait for a person, first where a decision teaches or saves most',
    load: async () => (await import('./review-list.ts')).reviewListCommand(),
  },
  decide: {
    about: 'confirm, reject or reclass a finding that was looked at',
    load: async () => (await import('./review-decide.ts')).reviewDecideCommand(),
  },
};

export function reviewCommand(words: readonly string[]): Promise<Command> {
  return addCommands(new Command('review'), COMMANDS, words);
}
