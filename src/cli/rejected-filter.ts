/** The options that say which rejected messages are meant. */
import { Option, type Command } from 'commander';
import type { RejectedFilter } from '../platform/storage/rejected-message-repository.ts';
import { instant } from './read-option.ts';

export interface RejectedFilterOptions {
  readonly reason?: string;
  readonly since?: Date;
  readonly topic?: string;
  readonly state?: 'waiting' | 'replayed' | 'any';
}

export function addRejectedFilter(command: Command): Command {
  return command
    .option('--reason <code>', 'only with this reason code; `rejected list --count` shows which there are')
    .option(
      '--since <iso>',
      'only received at or after this time, such as 2026-11-23T10:00:00Z',
      instant('--since'),
    )
    .option('--topic <prefix>', 'only with a topic that begins so');
}

export function stateOption(preset: 'waiting' | 'any'): Option {
  return new Option('--state <state>', 'not replayed yet, replayed, or either')
    .choices(['waiting', 'replayed', 'any'])
    .default(preset);
}

export function readRejectedFilter(options: RejectedFilterOptions): RejectedFilter {
  const { reason, since, topic, state = 'waiting' } = options;
  return {
    reasonCode: reason ?? null,
    since: since ?? null,
    topicPrefix: topic ?? null,
    state: state === 'any' ? null : state,
  };
}
