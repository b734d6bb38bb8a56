/** `spanwatch start`: runs the platform until it is told to stop. */
import { Command } from 'commander';
import { startSpanwatch } from '../main.ts';
import { keepHeapSmall } from '../platform/ops/keep-heap-small.ts';
import { createLogger } from '../platform/ops/logger.ts';
import { readSettings } from '../settings.ts';
import { listenForStop } from './until-stopped.ts';

interface StartOptions {
  readonly roles?: string;
}

export function startCommand(): Command {
  return new Command('start')
    .option('--roles <list>', 'what this process does, comma-separated: api, ingest, worker (default: all)')
    .action(start);
}

async function start({ roles }: StartOptions): Promise<void> {
  const settings = readSettings(roles === undefined ? {} : { ROLES: roles });
  if (!settings.ROLES.includes('worker')) keepHeapSmall();
  const logger = createLogger(settings.LOG_LEVEL);
  const stopping = listenForStop();
  const spanwatch = await startSpanwatch(settings, logger);
  const signal = await stopping.asked;
  logger.info({ signal }, 'stopping');
  await spanwatch.stop();
}
