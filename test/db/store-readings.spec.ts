import { describe, expect, it } from 'vitest';
import { impedance } from '../../src/catalogue/sensors/impedance/impedance.ts';
import type { Reading } from '../../src/core/domain/reading.ts';
import { storeReadings } from '../../src/platform/storage/reading-repository.ts';
import { storeRejectedMessages } from '../../src/platform/storage/rejected-message-repository.ts';
import { withTestDatabase } from '../support/test-database.ts';

const reading = (sensorId: string, observedAt: string, values: Reading['values']): Reading => ({
  sensorId,
  kind: 'impedance',
  observedAt: new Date(observedAt),
  values,
});

describe('stored readings', () => {
  const { database } = withTestDatabase();

  it('are what was sent, to the millisecond and the last digit, and null where nothing was measured', async () => {
    const values = { resistanceOhm: 0.1 + 0.2, reactanceOhm: -1e-300, leakageMilliampere: null };
    // NULL is a name that a sensor may have.
    const sent = reading('NULL', '2026-11-23T10:00:00.123Z', values);
    expect(await storeReadings(database(), impedance, [sent])).toBe(1);
    const { rows } = await database().query(
      `SELECT observed_at, resistance_ohm, reactance_ohm, leakage_milliampere, load_ampere,
              received_at > now() - INTERVAL '1 minute' AS received_now
         FROM impedance_reading WHERE sensor_id = 'NULL'`,
    );
    expect(rows).toEqual([
      {
        observed_at: sent.observedAt,
        resistance_ohm: 0.1 + 0.2,
        reactance_ohm: -1e-300,
        leakage_milliampere: null,
        load_ampere: null,
        received_now: true,
      },
    ]);
  });

  it('count as new once, within one batch and across batches, and keep what was there first', async () => {
    const first = reading('twice', '2026-11-23T10:00:00Z', { loadAmpere: 1 });
    const again = reading('twice', '2026-11-23T10:00:00Z', { loadAmpere: 2 });
    const later = reading('twice', '2026-11-23T10:00:00.001Z', { loadAmpere: 3 });
    expect(await storeReadings(database(), impedance, [first, again])).toBe(1);
    expect(await storeReadings(database(), impedance, [again, later])).toBe(1);
    const { rows } = await database().query<{ load_ampere: number }>(
      "SELECT load_ampere FROM impedance_reading WHERE sensor_id = 'twice' ORDER BY observed_at",
    );
    expect(rows.map((row) => row.load_ampere)).toEqual([1, 3]);
  });

  it('may be none', async () => {
    expect(await storeReadings(database(), impedance, [])).toBe(0);
  });
});

describe('rejected messages', () => {
  const { database } = withTestDatabase();

  it('keep every byte, and a topic that text can not hold', async () => {
    const payload = Buffer.from([0, 1, 254, 255, 92, 39]);
    const receivedAt = new Date('2026-11-23T10:00:00.123Z');
    await storeRejectedMessages(database(), [
      { receivedAt, topic: 'a\0b', payload, reasonCode: 'a', reason: "it's 'wrong', \\ and \"so\"" },
      { receivedAt, topic: 't', payload: Buffer.alloc(0), reasonCode: 'b', reason: 'empty' },
    ]);
    const { rows } = await database().query(
      'SELECT received_at, topic, payload, reason FROM rejected_message ORDER BY rejected_message_id',
    );
    expect(rows).toEqual([
      { received_at: receivedAt, topic: 'a\uFFFDb', payload, reason: "it's 'wrong', \\ and \"so\"" },
      { received_at: receivedAt, topic: 't', payload: Buffer.alloc(0), reason: 'empty' },
    ]);
  });
});
