/** Tells an outage, which ends by itself or by an operator's hand, from a defect, which somebody has to look into. */
import { Unavailable } from '../../core/domain/failure.ts';

/** The connection is gone: SQLSTATE classes 08 and 57P, 25P03 (idle in a transaction for too long), or its socket. */
export function isConnectionLoss(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (
    /^(08|57P0|25P03)/.test(codeOf(error)) ||
    NETWORK_ERRORS.includes(codeOf(error)) ||
    /Connection terminated|not queryable/i.test(error.message)
  );
}

/** The server is there and has no room: SQLSTATE class 53 is a full disk, no memory, no connection left. */
export function isOutOfResources(error: unknown): error is Error {
  return error instanceof Error && codeOf(error).startsWith('53');
}

/**
 * Of the database, whatever was asked of it. Beyond the two above these are locks and deadlocks (40, 55), statements
 * that were cancelled (57), a disk that fails (58), and a server that turned into a standby (25006).
 */
export function isOutage(error: unknown): error is Error {
  if (error instanceof Unavailable || isConnectionLoss(error)) return true;
  return error instanceof Error && /^(40|53|55|57|58|25006)/.test(codeOf(error));
}

const NETWORK_ERRORS: readonly string[] = [
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
];

function codeOf(error: Error): string {
  return (error as { code?: string }).code ?? '';
}
