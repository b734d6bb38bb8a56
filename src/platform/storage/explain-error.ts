/** What went wrong with the database, on one line. */
import type pg from 'pg';

/** With the server's hint; a host of several addresses fails with an error of its own for each. */
export function explainError(cause: unknown): string {
  const errors: readonly unknown[] = cause instanceof AggregateError ? cause.errors : [cause];
  const reasons = errors.map((error) => {
    const { message, hint } = error as pg.DatabaseError;
    return hint ? `${message} (${hint})` : message;
  });
  return reasons.join('; ').replace(/\s+/g, ' ');
}
