/** Writes a batch of messages: good readings to their tables in one commit, the rest where it is kept. */
import type { SensorKind } from '../../catalogue/sensors/sensor.ts';
import type { Reading } from '../../core/domain/reading.ts';
import { isSamePlace, type SensorPlace } from '../../core/domain/sensor-topic.ts';
import type { Database } from '../../platform/storage/database.ts';
import { ReadingStore } from '../../platform/storage/reading-store.ts';
import { isRefusedData } from '../../platform/storage/refused-data.ts';
import { storeRejectedMessages } from '../../platform/storage/rejected-message-repository.ts';
import type { SensorRepository } from '../../platform/storage/sensor-repository.ts';
import { rejectMessage, toRejectedMessage, type ReadMessage } from './read-message.ts';

export type UnknownSensors = 'register' | 'reject';

/** Has committed them when it returns. @param refused each with what was rejected of it */
export type KeepRejected = (refused: readonly ReadMessage[]) => Promise<void>;

export interface BatchOutcome {
  /** New, or new channels of what was there. */
  readonly stored: number;
  /** There already, as they are. */
  readonly duplicates: number;
  /** There already with other values of a channel: kept in `reading_conflict`. */
  readonly conflicts: number;
  /** One code for each message or part of a message that was rejected. */
  readonly rejected: readonly string[];
  /** The messages that were rejected, whole or in part, with the reasons that counted in the end. */
  readonly refused: readonly ReadMessage[];
}

export class BatchWriter {
  private readonly store: ReadingStore;

  constructor(
    database: Pick<Database, 'query' | 'transaction'>,
    private readonly sensors: SensorRepository,
    private readonly unknownSensors: UnknownSensors,
    private readonly keepRejected: KeepRejected = (refused) =>
      storeRejectedMessages(database, refused.map(toRejectedMessage)),
  ) {
    this.store = new ReadingStore(database);
  }

  /** @throws when the database can't take anything now; the batch may then be written again */
  async write(messages: readonly ReadMessage[]): Promise<BatchOutcome> {
    const doubtful = this.findDoubtful(messages);
    if (doubtful.size === 0) return this.writePlaced(messages);
    await this.learnSensors(doubtful);
    return this.writePlaced(messages.map((message) => this.rejectMisplaced(message)));
  }

  /** Senders that memory doesn't know, or knows elsewhere: they may have been moved. */
  private findDoubtful(messages: readonly ReadMessage[]): Map<string, SensorPlace> {
    const doubtful = new Map<string, SensorPlace>();
    for (const { sender, readings } of messages) {
      if (!sender || readings.length === 0) continue;
      const known = this.sensors.known(sender.place.sensorId);
      if (!known || !isSamePlace(known, sender.place)) doubtful.set(sender.place.sensorId, sender.place);
    }
    return doubtful;
  }

  private async learnSensors(doubtful: ReadonlyMap<string, SensorPlace>): Promise<void> {
    await this.sensors.load([...doubtful.keys()]);
    if (this.unknownSensors === 'reject') return;
    await this.sensors.register(
      [...doubtful.values()].filter(({ sensorId }) => !this.sensors.known(sensorId)),
    );
  }

  private rejectMisplaced(read: ReadMessage): ReadMessage {
    const place = read.sender?.place;
    if (!place || read.readings.length === 0) return read;
    const known = this.sensors.known(place.sensorId);
    if (!known) {
      return rejectMessage(read.message, {
        code: 'sensor-unknown',
        reason: `The sensor ${place.sensorId} is not registered, and unknown sensors are rejected: import it, or set UNKNOWN_SENSORS=register.`,
      });
    }
    if (isSamePlace(known, place)) return read;
    return rejectMessage(read.message, {
      code: 'sensor-elsewhere',
      reason: `The sensor ${place.sensorId} is registered as ${known.lineId}/${known.towerId} ${known.kind}, but the topic says ${place.lineId}/${place.towerId} ${place.kind}: give it an id of its own.`,
    });
  }

  /** Halves a batch of which the database refuses a part, until that part stands alone and is rejected. */
  private async writePlaced(messages: readonly ReadMessage[]): Promise<BatchOutcome> {
    try {
      return await this.commit(messages);
    } catch (error) {
      if (!isRefusedData(error)) throw error;
      const [only] = messages;
      if (only && messages.length === 1) {
        const reason = `The database refuses it: ${error.message}.`;
        return this.commit([rejectMessage(only.message, { code: 'database-refused', reason })]);
      }
      const middle = messages.length >> 1;
      const first = await this.writePlaced(messages.slice(0, middle));
      const second = await this.writePlaced(messages.slice(middle));
      return {
        stored: first.stored + second.stored,
        duplicates: first.duplicates + second.duplicates,
        conflicts: first.conflicts + second.conflicts,
        rejected: [...first.rejected, ...second.rejected],
        refused: [...first.refused, ...second.refused],
      };
    }
  }

  private async commit(messages: readonly ReadMessage[]): Promise<BatchOutcome> {
    const { good, refused, codes } = sortOut(messages);
    // Side by side: good readings don't wait for poison. Either may be written again, so they need no common commit.
    const [readings, poison] = await Promise.allSettled([
      this.storeGood(good),
      refused.length > 0 && this.keepRejected(refused),
    ]);
    if (readings.status === 'rejected') throw readings.reason;
    if (poison.status === 'rejected') throw poison.reason;
    return { ...readings.value, rejected: codes, refused };
  }

  private async storeGood(good: ReadonlyMap<SensorKind, readonly Reading[]>) {
    const nothing = { stored: 0, duplicates: 0, conflicts: 0 };
    if (good.size === 0) return nothing;
    return this.store.commit(async (_, store) => {
      const sum = { ...nothing };
      for (const [sensor, readings] of good) {
        const { stored, duplicates, conflicts } = await store(sensor, readings);
        sum.stored += stored;
        sum.duplicates += duplicates;
        sum.conflicts += conflicts;
      }
      return sum;
    });
  }
}

/** In one pass: a batch is larger than the processor's cache, and to fetch a message costs more than what is done here. */
function sortOut(messages: readonly ReadMessage[]) {
  const good = new Map<SensorKind, Reading[]>();
  const refused: ReadMessage[] = [];
  const codes: string[] = [];
  for (const read of messages) {
    const { sender, readings, rejections } = read;
    if (sender && readings.length > 0) {
      const group = good.get(sender.sensor);
      if (group) for (const reading of readings) group.push(reading);
      else good.set(sender.sensor, [...readings]);
    }
    if (rejections.length === 0) continue;
    refused.push(read);
    for (const { code } of rejections) codes.push(code);
  }
  return { good, refused, codes };
}
