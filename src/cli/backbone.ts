/** `spanwatch backbone`: the pre-trained features that models share. */
import { Command } from 'commander';
import { backboneImportCommand } from './backbone-import.ts';

export function backboneCommand(): Command {
  return new Command('backbone').addCommand(backboneImportCommand());
}
