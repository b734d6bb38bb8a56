/** Reads messages that were put by once more, and keeps them as if they had not been. */
import type { Database } from '../../platform/storage/database.ts';
import { takePutBy } from '../../platform/storage/rejected-batches.ts';
import { SensorRepository } from '../../platform/storage/sensor-repository.ts';
import { BatchWriter, type UnknownSensors } from './batch-writer.ts';
import { readMessage } from './read-message.ts';

/** @returns false when none was left but what another process is at */
export type SortInBatch = () => Promise<boolean>;

/** What may be stored by now is stored: a sensor may have been registered, and a device may have been right. */
export function sortInBatches(
  database: Pick<Database, 'query' | 'transaction'>,
  unknownSensors: UnknownSensors,
): SortInBatch {
  const writer = new BatchWriter(database, new SensorRepository(database), unknownSensors);
  return () => takePutBy(database, (messages) => writer.write(messages.map(readMessage)));
}

/** For those who want to see all that was rejected. */
export async function sortInRejected(database: Database, unknownSensors: UnknownSensors): Promise<void> {
  const sortIn = sortInBatches(database, unknownSensors);
  while (await sortIn());
}
