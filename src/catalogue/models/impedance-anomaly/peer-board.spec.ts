import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../core/statistics/random.ts';
import { PeerBoard } from './peer-board.ts';
import { measureShared, takeOutShared } from './peer-comparison.ts';
import { chooseTimescales } from './timescales.ts';

const everywhere = () => 'site';
const standing = (...values: number[]) => Float32Array.from(values);

describe('PeerBoard', () => {
  it('gives the median of the others in the slot before, whatever the sensor itself says', () => {
    const board = new PeerBoard(2, everywhere);
    for (const [i, value] of [5, 1, 3, 100].entries()) board.put(`s${i}`, 7, standing(value, -value));
    expect(board.reference('s3', 8)).toEqual({ peers: 3, median: standing(3, -3) });
    expect(board.reference('s0', 8)).toEqual({ peers: 3, median: standing(3, -3) });
    expect(board.reference('s2', 8)).toEqual({ peers: 3, median: standing(5, -5) });
    expect(board.reference('newcomer', 8)).toEqual({ peers: 4, median: standing(4, -4) });
    board.put('s3', 7, standing(-1e6, 0));
    expect(board.reference('s3', 8).median[0]).toBe(3);
  });

  it('says nothing of other sites, of the slot itself, or where nobody was there', () => {
    const board = new PeerBoard(1, (sensorId) => sensorId[0]!);
    board.put('a1', 7, standing(1));
    board.put('b1', 7, standing(2));
    expect(board.reference('a1', 8).peers).toBe(0);
    expect(board.reference('a2', 7).peers).toBe(0);
    expect(board.reference('a2', 8)).toEqual({ peers: 1, median: standing(1) });
    expect(board.reference('a2', 9).peers).toBe(0);
  });

  it('gives the same as a median taken of the others one by one, for any number and with ties', () => {
    const random = createRandom(4);
    for (let sensors = 2; sensors <= 9; sensors++) {
      const names = Array.from({ length: sensors }, (_, i) => `s${i}`);
      const board = new PeerBoard(1, everywhere, names);
      const values = names.map(() => Math.round(2 * random.normal()) + 0);
      for (const [i, name] of names.entries()) board.put(name, 7, standing(values[i]!));
      for (const [i, name] of names.entries()) {
        const others = values.toSpliced(i, 1).sort((left, right) => left - right);
        const middle = (others[(others.length - 1) >> 1]! + others[others.length >> 1]!) / 2;
        expect(board.reference(name, 8)).toEqual({ peers: sensors - 1, median: standing(middle) });
      }
    }
  });

  it('does not mind in which order sensors come', () => {
    const [one, other] = [new PeerBoard(1, everywhere), new PeerBoard(1, everywhere)];
    const random = createRandom(3);
    const all = Array.from({ length: 9 }, (_, i) => [`s${i}`, standing(random.normal())] as const);
    for (const [sensorId, value] of all) one.put(sensorId, 7, value);
    for (const [sensorId, value] of all.toReversed()) {
      other.reference('s4', 8);
      other.put(sensorId, 7, value);
    }
    for (const [sensorId] of all) expect(one.reference(sensorId, 8)).toEqual(other.reference(sensorId, 8));
  });
});

describe('what peers share', () => {
  const timescales = chooseTimescales(1 / 6, 100 * 24);
  /** Of unit variance, of which `share` is the same for all; one embedding of a channel with seven features. */
  function simulate(sensors: number, slots: number, share: number, seed: number) {
    const random = createRandom(seed);
    const board = new PeerBoard(6, everywhere);
    for (let slot = 0; slot < slots; slot++) {
      // The lag of two slots sees the same common part: it moves slowly.
      if (slot % 50 === 0) common = random.normal();
      for (let i = 0; i < sensors; i++) {
        const value = Math.sqrt(share) * common + Math.sqrt(1 - share) * random.normal();
        board.put(`s${i}`, slot, new Float32Array(6).fill(value));
      }
    }
    return board;
  }
  let common = 0;

  it('is measured, and taken out so that what is left has a spread of one again', () => {
    const board = simulate(12, 20_000, 0.7, 5);
    const shared = measureShared(board, timescales, Infinity);
    // 400 draws of the common part: its variance is known to 1 ± 0.07, and the share to ± 0.02; 96 % of it survives the lag.
    expect(shared[0]).toBeGreaterThan(0.6);
    expect(shared[0]).toBeLessThan(0.74);
    let [squares, count] = [0, 0];
    const random = createRandom(6);
    for (let slot = 1; slot < 20_000; slot += 50) {
      const embedding = new Float32Array(7);
      embedding.fill(board.reference('newcomer', slot).median[0]! + Math.sqrt(0.3) * random.normal());
      takeOutShared(embedding, shared, board.reference('newcomer', slot));
      squares += embedding[0]! ** 2;
      count++;
    }
    expect(squares / count).toBeGreaterThan(0.7);
    expect(squares / count).toBeLessThan(1.3);
  });

  it('is nothing where sensors have nothing in common, and little where the history is short', () => {
    const none = measureShared(simulate(12, 20_000, 0, 7), timescales, Infinity);
    expect(Math.max(...none)).toBeLessThan(0.02);
    const brief = measureShared(simulate(2, 60, 0.9, 8), timescales, Infinity);
    expect(Math.max(...brief)).toBeLessThan(0.2);
    expect(measureShared(simulate(1, 500, 0.9, 9), timescales, Infinity)).toEqual(new Float32Array(6));
  });

  it('changes nothing without peers', () => {
    const embedding = Float32Array.from([1, 2, 3, 4, 5, 6, 7]);
    takeOutShared(embedding, new Float32Array(6).fill(0.8), { peers: 0, median: new Float32Array(6) });
    expect([...embedding]).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });
});
