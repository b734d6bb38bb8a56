/** Metrics of one instant become one reading, for as long as they may still come. */
import { describe, expect, it } from 'vitest';
import { impedance } from '../../../catalogue/sensors/impedance/impedance.ts';
import type { ReadMessage } from '../read-message.ts';
import { MergeWindow } from './merge-window.ts';

const T0 = Date.parse('2026-01-01T00:00:00Z');

function read(minute: number, values: Record<string, number | null>, sensorId = 'imp'): ReadMessage {
  const observedAt = new Date(T0 + minute * 60_000);
  return {
    message: { topic: 't', payload: new Uint8Array(), receivedAt: observedAt },
    sender: { place: { lineId: 'l', towerId: 't', sensorId, kind: 'impedance' }, sensor: impedance },
    readings: [{ sensorId, kind: 'impedance', observedAt, values }],
    rejections: [],
  };
}

function createWindow() {
  const stored: ReadMessage[] = [];
  const window = new MergeWindow(200, (each) => stored.push(each));
  const values = () => stored.flatMap(({ readings }) => readings.map((reading) => reading.values));
  return { window, stored, values };
}

describe('a merge window', () => {
  it('makes one reading of the metrics of an instant, and keeps what came first', () => {
    const { window, values } = createWindow();
    window.add(read(0, { resistanceOhm: 1, loadAmpere: null }), 0);
    window.add(read(0, { resistanceOhm: 2, loadAmpere: 400 }), 100);
    window.elapse(199);
    expect(values()).toEqual([]);
    window.elapse(200);
    expect(values()).toEqual([{ resistanceOhm: 1, loadAmpere: 400 }]);
    expect(window.size).toBe(0);
  });

  it('does not mix sensors or instants, and lets the later ones wait their own time', () => {
    const { window, values } = createWindow();
    window.add(read(0, { loadAmpere: 1 }), 0);
    window.add(read(0, { loadAmpere: 2 }, 'other'), 50);
    window.add(read(1, { loadAmpere: 3 }), 100);
    window.elapse(250);
    expect(values()).toEqual([{ loadAmpere: 1 }, { loadAmpere: 2 }]);
    window.flush();
    expect(values().length).toBe(3);
  });

  it('hands on at once what is rejected', () => {
    const { window, stored } = createWindow();
    const rejection = { code: 'reading-invalid', reason: 'Wrong.' };
    window.add({ ...read(0, { loadAmpere: 1 }), rejections: [rejection] }, 0);
    expect(stored).toMatchObject([{ readings: [], rejections: [rejection] }]);
    window.flush();
    expect(stored[1]).toMatchObject({ readings: [{ values: { loadAmpere: 1 } }], rejections: [] });
  });
});
