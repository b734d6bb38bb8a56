/** Opens where a command writes its data: standard output, or a file that appears under its name when it is whole. */
import { open, rename, rm } from 'node:fs/promises';
import { BadInput } from '../core/domain/failure.ts';

export interface TextOutput {
  /** Waits until the text is on its way. */
  write(text: string): Promise<void>;
  keep(): Promise<void>;
  /** @returns false when the reader of a pipe has left, which is no failure */
  discard(): Promise<boolean>;
}

/** @param out path of a file, or - */
export async function openTextOutput(out: string): Promise<TextOutput> {
  return out === '-' ? pipeOutput(process.stdout) : fileOutput(out);
}

function pipeOutput(stream: NodeJS.WriteStream): TextOutput {
  let left = false;
  return {
    write: (text) =>
      new Promise((resolve, reject) => {
        stream.write(text, (error?: Error | null) => {
          if (!error) return resolve();
          left ||= (error as NodeJS.ErrnoException).code === 'EPIPE';
          reject(error);
        });
      }),
    keep: () => Promise.resolve(),
    discard: () => Promise.resolve(!left),
  };
}

async function fileOutput(out: string): Promise<TextOutput> {
  const partial = `${out}.partial`;
  const file = await open(partial, 'w').catch((cause: unknown) => {
    const reason = (cause as Error).message;
    throw new BadInput('file-unwritable', `${out} can't be written: ${reason}.`, { out }, { cause });
  });
  return {
    write: (text) => file.writeFile(text),
    async keep() {
      await file.close();
      await rename(partial, out);
    },
    async discard() {
      await file.close().catch(() => {});
      await rm(partial, { force: true });
      return true;
    },
  };
}
