/** Tells data that the database will never take from a database that can't take anything now. */

/** SQLSTATE classes: 22 is a value out of range or malformed, 23 a constraint that does not hold. */
export function isRefusedData(error: unknown): error is Error {
  return error instanceof Error && /^2[23]/.test((error as { code?: string }).code ?? '');
}
