/** Logs an outage as one short line, and anything else with its stack: a stack says nothing of a cable. */
import { isOutage } from '../storage/outage.ts';
import type { Logger } from './logger.ts';

/** @param fields what else the line holds; @param message which transition it is */
export function logFailure(
  logger: Pick<Logger, 'warn' | 'error'>,
  error: unknown,
  fields: Readonly<Record<string, unknown>>,
  message: string,
): void {
  if (!isOutage(error)) return logger.error({ ...fields, err: error }, message);
  // The code of what lies beneath is the one to look up: 53100, ECONNRESET.
  const { code } = (error.cause ?? error) as { readonly code?: string };
  logger.warn({ ...fields, reason: error.message, code }, message);
}
