/** A failure in the form that the tus server sends on: a status and a body. */
import { describeProblem } from '../../../platform/ops/problem-filter.ts';

export interface TusError {
  readonly status_code: number;
  readonly body: string;
}

export function tusError(error: unknown, uploadId: string): TusError {
  const problem = describeProblem(error, `/v1/uploads/${uploadId}`);
  return { status_code: problem.status, body: JSON.stringify(problem) };
}
