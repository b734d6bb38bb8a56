/** A failure in the form that the tus server sends on: a status and a body. */
import { describeProblem } from '../../../platform/ops/problem-filter.ts';

export class TusError extends Error {
  constructor(
    readonly status_code: number,
    readonly body: string,
  ) {
    super(body);
    this.name = new.target.name;
  }
}

export function tusError(error: unknown, uploadId: string): TusError {
  const problem = describeProblem(error, `/v1/uploads/${uploadId}`);
  return new TusError(problem.status, JSON.stringify(problem));
}
