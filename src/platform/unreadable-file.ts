/** Says in one sentence why a file can't be read. */
import { BadInput } from '../core/domain/failure.ts';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'it may not be read',
  EISDIR: 'it is a folder',
};

/** @returns a BadInput where the person who named the file must act, any other cause unchanged */
export function explainUnreadable(file: string, cause: unknown): unknown {
  const why = REASONS[(cause as NodeJS.ErrnoException).code ?? ''];
  if (why === undefined) return cause;
  return new BadInput('file-unreadable', `${file} can't be read: ${why}.`, { file }, { cause });
}
