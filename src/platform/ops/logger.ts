/** Structured logs: one JSON line a transition, to standard output or a file. */
import type { LoggerService } from '@nestjs/common';
import pino from 'pino';
import type { Logger } from 'pino';

export type { Logger };

/**
 * @param level least severe line written
 * @param file where to write instead of standard output; the terminal then belongs to the command
 */
export function createLogger(level: string, file?: string): Logger {
  // Synchronous: the last lines before an exit are the ones that matter.
  const destination = pino.destination(
    file ? { dest: file, mkdir: true, sync: true } : { fd: 1, sync: true },
  );
  const formatters = { level: (label: string) => ({ level: label }) };
  return pino({ level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime, formatters }, destination);
}

/** Lets NestJS write through the same logger; its routing chatter is for debugging. */
export function asNestLogger(logger: Logger): LoggerService {
  const context = (rest: unknown[]) => {
    const last = rest.at(-1);
    return { context: typeof last === 'string' ? last : 'nest' };
  };
  return {
    log: (message: unknown, ...rest: unknown[]) => logger.debug(context(rest), String(message)),
    debug: (message: unknown, ...rest: unknown[]) => logger.debug(context(rest), String(message)),
    verbose: (message: unknown, ...rest: unknown[]) => logger.trace(context(rest), String(message)),
    warn: (message: unknown, ...rest: unknown[]) => logger.warn(context(rest), String(message)),
    error: (message: unknown, ...rest: unknown[]) => logger.error(context(rest), String(message)),
    fatal: (message: unknown, ...rest: unknown[]) => logger.fatal(context(rest), String(message)),
  };
}
