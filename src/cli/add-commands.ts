/** Commands by name, loaded when they are called: all of them take seconds to load, one a fraction of that. */
import { Command } from 'commander';

export interface ListedCommand {
  /** What it does, for the help. */
  readonly about: string;
  /** Is given the words that follow the command's name. */
  readonly load: (words: readonly string[]) => Promise<Command>;
}

export type CommandList = Readonly<Record<string, ListedCommand>>;

/** Only the command that is called, or asked about, is loaded; of the others the help needs no more than what they do. */
export async function addCommands(
  parent: Command,
  list: CommandList,
  words: readonly string[],
): Promise<Command> {
  const [name = '', ...rest] = words[0] === 'help' ? words.slice(1) : words;
  for (const [each, { about, load }] of Object.entries(list)) {
    const command = each === name ? await load(rest) : new Command(each);
    parent.addCommand(command.description(about));
  }
  return parent;
}
