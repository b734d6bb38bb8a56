/** The tus server over the store of uploads: what is whole is taken in before the last piece is answered. */
import { Server } from '@tus/server';
import { Failure } from '../../../core/domain/failure.ts';
import { explainDisk } from '../../../platform/blobs/disk-full.ts';
import { readFlightId } from '../intake/read-flight-id.ts';
import type { ImageUploadStore } from './image-upload-store.ts';
import { TusError, tusError } from './tus-error.ts';
import type { UploadIntake } from './upload-intake.ts';

/** Injection token. */
export const TUS_SERVER = Symbol('tus-server');

export function createTusServer(store: ImageUploadStore, uploads: UploadIntake, mostBytes: number): Server {
  return new Server({
    path: '/v1/uploads',
    datastore: store,
    maxSize: mostBytes,
    // Whatever host a client believes to speak to.
    relativeLocation: true,
    // No page of another site sends photographs.
    allowedOrigins: [],
    onResponseError: (_request, error) => {
      const explained = explainDisk(error);
      return explained instanceof Failure ? tusError(explained, '') : undefined;
    },
    onUploadCreate: (_request, upload) => {
      try {
        readFlightId(upload.metadata?.flightId);
        return Promise.resolve({});
      } catch (error) {
        return Promise.reject(tusError(error, upload.id));
      }
    },
    onUploadFinish: async (_request, upload) => {
      const row = await uploads.finish(upload).catch((error: unknown) => {
        throw tusError(error, upload.id);
      });
      if (row?.problem) throw new TusError(Number(row.problem['status']), JSON.stringify(row.problem));
      return row?.image_id ? { headers: { 'Image-Id': row.image_id } } : {};
    },
  });
}
