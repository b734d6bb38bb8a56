/** Commands by name, loaded when they are called: all of them take a second to load, one a fraction of it. */
import type { Command } from 'commander';

/** Each is given the words that follow its name. */
export type CommandList = Readonly<Record<string, (words: readonly string[]) => Promise<Command>>>;

/** Where no command of the list is called, as when help is asked for, all are added. */
export async function addCommands(
  parent: Command,
  list: CommandList,
  [name = '', ...words]: readonly string[],
): Promise<Command> {
  const called = Object.hasOwn(list, name) ? [list[name]!] : Object.values(list);
  for (const command of await Promise.all(called.map((load) => load(words)))) parent.addCommand(command);
  return parent;
}
