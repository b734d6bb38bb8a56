import { beforeAll, describe, expect, it } from 'vitest';
import { CHANNELS, CONTEXT, simulateFleet } from '../../../../test/fixtures/simulated-series.ts';
import { prepareWasm } from '../../../../test/fixtures/prepare-wasm.ts';
import { createRandom } from '../../../core/statistics/random.ts';
import { fitStem, replay } from './fit-stem.ts';
import type { SensorSeries } from './sensor-series.ts';
import { Stem } from './stem.ts';

const fleet = simulateFleet({
  sensors: 4,
  days: 40,
  seed: 3,
  joints: [{ sensor: 1, onsetDay: 30, growthPerDay: 0.01 }],
});
let stem: Stem;

beforeAll(async () => {
  await prepareWasm();
  stem = new Stem(await fitStem(fleet, CHANNELS, CONTEXT, createRandom(1), () => {}));
}, 120_000);

function embeddingAt(series: SensorSeries, wanted: number): number[] {
  const embedding = new Float32Array(stem.embeddingSize);
  let found: number[] = [];
  replay([series], stem, (state, index) => {
    if (index !== wanted) return;
    stem.embed(state, embedding);
    found = [...embedding];
  });
  return found;
}

function change(series: SensorSeries, from: number, edit: (value: number) => number): SensorSeries {
  const channels = series.channels.map((column) =>
    column.map((value, i) => (i < from ? value : edit(value))),
  );
  return { ...series, channels };
}

describe('Stem', () => {
  it('describes a reading from nothing that comes later', () => {
    const at = 1500;
    const changed = change(fleet[0]!, at + 1, (value) => 3 * value);
    expect(embeddingAt(changed, at)).toEqual(embeddingAt(fleet[0]!, at));
    expect(embeddingAt(changed, at + 5)).not.toEqual(embeddingAt(fleet[0]!, at + 5));
  });

  it('lets one wild reading move the lasting means by less than its healthy spread', () => {
    const at = 1500;
    const changed = change(fleet[0]!, at, (value) => value);
    changed.channels[0]![at] = 100 * changed.channels[0]![at]!;
    const [before, after] = [embeddingAt(fleet[0]!, at), embeddingAt(changed, at)];
    // Horizons 17 h and 72 h of the first channel.
    expect(Math.abs(after[2]! - before[2]!)).toBeLessThan(2);
    expect(Math.abs(after[3]! - before[3]!)).toBeLessThan(1);
  });

  it('keeps a lasting shift in sight instead of learning it away', () => {
    const last = fleet[1]!.observedAt.length - 1;
    // Ten days after the onset the joint adds a tenth of the resistance.
    expect(embeddingAt(fleet[1]!, last)[3]!).toBeGreaterThan(10);
    expect(Math.abs(embeddingAt(fleet[0]!, last)[3]!)).toBeLessThan(4);
  });

  it('goes on over missing values and gaps', () => {
    const gappy = change(fleet[0]!, 0, (value) => value);
    for (let i = 1000; i < 1100; i++) for (const column of gappy.channels) column[i] = NaN;
    const described = embeddingAt(gappy, 1500);
    expect(described.every(Number.isFinite)).toBe(true);
    expect(Math.max(...described.slice(0, 4).map(Math.abs))).toBeLessThan(5);
  });

  it('works as an online detector with one channel and no context', async () => {
    const bare = fleet.map((series) => ({ ...series, channels: [series.channels[1]!], context: [] }));
    const alone = new Stem(await fitStem(bare, ['leakage_milliampere'], [], createRandom(1), () => {}));
    const embedding = new Float32Array(alone.embeddingSize);
    const raised = { ...bare[0]!, channels: [bare[0]!.channels[0]!.map((v, i) => (i < 1700 ? v : 5 * v))] };
    replay([raised], alone, (state) => alone.embed(state, embedding));
    expect(embedding[3]!).toBeGreaterThan(5);
  });

  it.each([0, 45, -7.77])(
    'takes a channel that stands still at %d for healthy, and a step from there for none',
    async (level) => {
      const { sensorId, observedAt } = fleet[0]!;
      const still: SensorSeries = {
        sensorId,
        observedAt,
        channels: [new Float64Array(observedAt.length).fill(level)],
        context: [],
      };
      const alone = new Stem(await fitStem([still], ['pressure'], [], createRandom(1), () => {}));
      const embedding = new Float32Array(alone.embeddingSize);
      replay([still], alone, (state) => alone.embed(state, embedding));
      expect([...embedding.subarray(0, 4)]).toEqual([0, 0, 0, 0]);
      const stepped = { ...still, channels: [still.channels[0]!.map((v, i) => (i < 1700 ? v : v + 0.1))] };
      replay([stepped], alone, (state) => alone.embed(state, embedding));
      expect(embedding[3]!).toBeGreaterThan(5);
    },
  );

  it('judges a channel that mostly stands still by how far it usually goes when it moves', async () => {
    const { sensorId, observedAt } = fleet[0]!;
    const random = createRandom(2);
    const bursts = (size: number) =>
      Float64Array.from(observedAt, () => (random.uniform() < 0.1 ? size * random.normal() : 0));
    const rare: SensorSeries = { sensorId, observedAt, channels: [bursts(3)], context: [] };
    const alone = new Stem(await fitStem([rare], ['bytes'], [], createRandom(1), () => {}));
    let furthest = 0;
    replay([rare], alone, (state) => {
      if (alone.settled(state)) furthest = Math.max(furthest, Math.abs(alone.residual[0]!));
    });
    // A tenth of the readings has a normal deviation of 3, all together one of 0.95: 3.7 of them is 12 spreads.
    expect(furthest).toBeGreaterThan(4);
    expect(furthest).toBeLessThan(15);
  });

  it('does not judge a channel that training never saw', async () => {
    const silent = fleet.map((own) => ({
      ...own,
      channels: [own.channels[0]!, own.channels[1]!.map(() => NaN)],
    }));
    const fitted = await fitStem(silent, CHANNELS, CONTEXT, createRandom(1), () => {});
    expect(fitted.channelScales[1]).toEqual({ logarithmic: false, floor: 0 });
    const alone = new Stem(fitted);
    let furthest = 0;
    replay([fleet[0]!], alone, () => (furthest = Math.max(furthest, Math.abs(alone.residual[1]!))));
    expect(furthest).toBeLessThan(1e-6);
  });
});
