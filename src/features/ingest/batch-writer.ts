/** Writes a batch of messages: good readings to their tables in one commit, the rest to `rejected_message`. */
import type { SensorKind } from '../../catalogue/sensors/sensor.ts';
import type { Reading } from '../../core/domain/reading.ts';
import { isSamePlace, type SensorPlace } from '../../core/domain/sensor-topic.ts';
import type { Database } from '../../platform/storage/database.ts';
import { ReadingStore } from '../../platform/storage/reading-store.ts';
import { isRefusedData } from '../../platform/storage/refused-data.ts';
import { storeRejectedMessages } from '../../platform/storage/rejected-message-repository.ts';
import type { SensorRepository } from '../../platform/storage/sensor-repository.ts';
import { describeRejections, rejectMessage, type ReadMessage } from './read-message.ts';

export type UnknownSensors = 'register' | 'reject';

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
    private readonly database: Pick<Database, 'query' | 'transaction'>,
    private readonly sensors: SensorRepository,
    private readonly unknownSensors: UnknownSensors,
  ) {
    this.store = new ReadingStore(database);
  }

  /** @throws when the database can't take anything now; the batch may then be written again */
  async write(messages: readonly ReadMessage[]): Promise<BatchOutcome> {
    await this.learnSensors(messages);
    return this.writePlaced(messages.map((message) => this.rejectMisplaced(message)));
  }

  /** Asks the database about senders that memory doesn't know, or knows elsewhere: they may have been moved. */
  private async learnSensors(messages: readonly ReadMessage[]): Promise<void> {
    const doubtful = new Map<string, SensorPlace>();
    for (const { sender, readings } of messages) {
      if (!sender || readings.length === 0 || doubtful.has(sender.place.sensorId)) continue;
      const known = this.sensors.known(sender.place.sensorId);
      if (!known || !isSamePlace(known, sender.place)) doubtful.set(sender.place.sensorId, sender.place);
    }
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
    const rejected = messages.filter(({ rejections }) => rejections.length > 0);
    // Side by side: good readings don't wait for poison. Either may be written again, so they need no common commit.
    const [readings, poison] = await Promise.allSettled([
      this.store.commit(async (_, store) => {
        const sum = { stored: 0, duplicates: 0, conflicts: 0 };
        for (const [sensor, readings] of bySensorKind(messages)) {
          const { stored, duplicates, conflicts } = await store(sensor, readings);
          sum.stored += stored;
          sum.duplicates += duplicates;
          sum.conflicts += conflicts;
        }
        return sum;
      }),
      storeRejectedMessages(
        this.database,
        rejected.map(({ message, rejections }) => ({
          ...message,
          reasonCode: rejections[0]!.code,
          reason: describeRejections(rejections),
        })),
      ),
    ]);
    if (readings.status === 'rejected') throw readings.reason;
    if (poison.status === 'rejected') throw poison.reason;
    return {
      ...readings.value,
      rejected: rejected.flatMap(({ rejections }) => rejections.map(({ code }) => code)),
      refused: rejected,
    };
  }
}

function bySensorKind(messages: readonly ReadMessage[]): Map<SensorKind, Reading[]> {
  const groups = new Map<SensorKind, Reading[]>();
  for (const { sender, readings } of messages) {
    if (!sender || readings.length === 0) continue;
    const group = groups.get(sender.sensor);
    if (group) group.push(...readings);
    else groups.set(sender.sensor, [...readings]);
  }
  return groups;
}
