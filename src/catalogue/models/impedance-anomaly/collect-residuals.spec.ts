import { beforeAll, describe, expect, it } from 'vitest';
import { CHANNELS, CONTEXT, simulateFleet } from '../../../../test/fixtures/simulated-series.ts';
import { prepareWasm } from '../../../../test/fixtures/prepare-wasm.ts';
import { createRandom } from '../../../core/statistics/random.ts';
import { collectResiduals, CONTEXT_STEPS, readContext } from './collect-residuals.ts';
import { CONTEXT_LIMIT } from './context-features.ts';
import { fitStem, replay } from './fit-stem.ts';
import type { SensorSeries } from './sensor-series.ts';
import { Stem, type StemParameters } from './stem.ts';

const fleet = simulateFleet({ sensors: 2, days: 20, seed: 5 });
let parameters: StemParameters;

beforeAll(async () => {
  await prepareWasm();
  parameters = await fitStem(fleet, CHANNELS, CONTEXT, createRandom(1), () => {});
}, 120_000);

function withContext(edit: (value: number, at: number) => number): SensorSeries {
  return { ...fleet[0]!, context: fleet[0]!.context.map((column) => column.map(edit)) };
}

describe('collectResiduals', () => {
  it('keeps the context as the stem took it, also where values are missing', () => {
    const gappy = withContext((value, at) => (at >= 700 && at < 710 ? NaN : value));
    const { sensors } = collectResiduals([gappy], parameters, () => '', Infinity);
    const stem = new Stem(parameters);
    let furthest = 0;
    replay([gappy], stem, (_, index) => {
      for (const [column, taken] of stem.features.standardised.entries()) {
        furthest = Math.max(furthest, Math.abs(readContext(sensors[0]!, column, index) - taken));
      }
    });
    expect(furthest).toBeGreaterThan(0);
    expect(furthest).toBeLessThanOrEqual(0.5 / CONTEXT_STEPS);
  });

  it('keeps the furthest values that are believed, on either side', () => {
    const wild = withContext((_, at) => (at % 2 === 0 ? 1e9 : -1e9));
    const { sensors } = collectResiduals([wild], parameters, () => '', Infinity);
    for (const column of CONTEXT.keys()) {
      expect(readContext(sensors[0]!, column, 0)).toBeCloseTo(CONTEXT_LIMIT);
      expect(readContext(sensors[0]!, column, 1)).toBeCloseTo(-CONTEXT_LIMIT);
    }
  });
});
