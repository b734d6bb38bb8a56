/** Deletes old rejected messages in small bites, so that ingest never waits long for one. */
import { ignoreProgress, type ProgressListener } from '../../core/domain/progress.ts';
import type {
  RejectedFilter,
  RejectedMessageRepository,
} from '../../platform/storage/rejected-message-repository.ts';

const BITE_MESSAGES = 1_000;

/** May be stopped and repeated at will. @returns how many were deleted */
export async function purgeRejected(
  repository: RejectedMessageRepository,
  filter: RejectedFilter,
  receivedBefore: Date,
  onProgress: ProgressListener = ignoreProgress,
): Promise<number> {
  const total = await repository.countBefore(filter, receivedBefore);
  let purged = 0;
  for (let bite = BITE_MESSAGES; bite === BITE_MESSAGES; purged += bite) {
    bite = await repository.purge(filter, receivedBefore, BITE_MESSAGES);
    onProgress({ stage: 'purging messages', done: purged + bite, total });
  }
  return purged;
}
