/** A disk that is full is nobody's fault and passes: whoever sent a file sends it again. */
import { Unavailable } from '../../core/domain/failure.ts';

const CODES = ['ENOSPC', 'EDQUOT'];

/** @returns the same error, or what it means where the disk is full */
export function explainDisk(error: unknown): unknown {
  if (!CODES.includes((error as NodeJS.ErrnoException | null)?.code ?? '')) return error;
  return new Unavailable(
    'disk-full',
    'The disk that keeps the photographs is full: make room, then send the photograph again.',
    {},
    { cause: error },
  );
}
