/** Answers a request with text or bytes that are made while they are sent. */
import type { Response } from 'express';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/**
 * The first piece is waited for before anything is answered, so that what fails at the start is told as a failure; what
 * fails later breaks the connection off, for half an answer must not look like a whole one.
 *
 * @param headers among them the content type
 */
export async function streamAnswer(
  response: Response,
  headers: Readonly<Record<string, string>>,
  pieces: AsyncIterable<string | Uint8Array>,
): Promise<void> {
  const iterator = pieces[Symbol.asyncIterator]();
  const first = await iterator.next();
  response.set(headers);
  const rest = async function* () {
    try {
      for (let piece = first; !piece.done; piece = await iterator.next()) yield piece.value;
    } finally {
      await iterator.return?.();
    }
  };
  await pipeline(Readable.from(rest()), response).catch((error: NodeJS.ErrnoException) => {
    // A client that has had enough is no failure of ours.
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  });
}
