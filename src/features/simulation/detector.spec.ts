import { describe, expect, it } from 'vitest';
import { testCalibration } from '../../core/statistics/calibration-test.ts';
import { createRandom } from '../../core/statistics/random.ts';
import { inspectLook, visibleKind } from './detector.ts';
import type { SimulatedLook } from './flights.ts';
import { listInspections } from './inspections.ts';
import { DEFECT_KINDS } from './profile.ts';
import type { DefectKind, DetectorQuality } from './profile.ts';

const quality: DetectorQuality = {
  recall: { failing_joint: 0.8, broken_insulator: 0.95, broken_strand: 0.5 },
  falsePositiveRate: { failing_joint: 0.02, broken_insulator: 0.01, broken_strand: 0.005 },
};
const COUNT = 20_000;
/** Four standard errors of a share. */
const within = (share: number, count = COUNT) => 4 * Math.sqrt((share * (1 - share)) / count);

function lookAt(kind: DefectKind | null, index: number): SimulatedLook {
  return {
    flightId: `L01-F${index}`,
    lineId: 'L01',
    towerId: 'T01',
    sensorId: 'L01-T01-Z',
    takenAt: new Date(index * 60_000),
    latitudeDeg: 0,
    longitudeDeg: 0,
    insulatorDefect: kind === 'broken_insulator',
    jointDefect: kind === 'failing_joint',
    strandDefect: kind === 'broken_strand',
    seed: index,
  };
}
const random = createRandom(1);
const inspect = (look: SimulatedLook, of = quality) => inspectLook(look, of, random.fork(look.flightId));
const sightsOf = (kind: DefectKind | null, of = quality) =>
  Array.from({ length: COUNT }, (_, index) => inspect(lookAt(kind, index), of));

describe('the detector', () => {
  it.each(DEFECT_KINDS)('reports as many of the %s that can be seen as it says', (kind) => {
    const { recall, falsePositiveRate } = quality;
    const found = sightsOf(kind).filter(({ reported }) => reported !== null).length / COUNT;
    // One that is missed may still be reported as another kind.
    const others = DEFECT_KINDS.filter((other) => other !== kind);
    const quiet = others.reduce((share, other) => share * (1 - falsePositiveRate[other]), 1 - recall[kind]);
    expect(Math.abs(found - (1 - quiet))).toBeLessThan(within(1 - quiet));
  });

  it('reports each kind as seldom as it says where nothing can be seen', () => {
    const sights = sightsOf(null);
    for (const kind of DEFECT_KINDS) {
      const share = sights.filter(({ reported }) => reported === kind).length / COUNT;
      const stated = quality.falsePositiveRate[kind];
      // Less two kinds reported at once, of which the surer one stands.
      expect(Math.abs(share - stated)).toBeLessThan(within(stated) + 0.02 * stated);
    }
  });

  it('never errs where it is told to be perfect', () => {
    const same = (rate: number) => ({ failing_joint: rate, broken_insulator: rate, broken_strand: rate });
    const perfect = { recall: same(1), falsePositiveRate: same(0) };
    for (const kind of [null, ...DEFECT_KINDS]) {
      expect(new Set(sightsOf(kind, perfect).map(({ reported }) => reported))).toEqual(new Set([kind]));
    }
  });
});

describe('listInspections', () => {
  const looks = Array.from({ length: 8_000 }, (_, index) => {
    const draw = random.fork(`kind/${index}`).uniform();
    return lookAt(draw < 0.03 ? 'failing_joint' : draw < 0.05 ? 'broken_insulator' : null, index);
  });
  const sights = looks.map((look) => inspect(look));
  const survey = { lineId: 'L01', flights: [], looks, sights, outcomes: [] };
  const inspections = listInspections([survey]);

  it('states probabilities that come true', () => {
    const outcomes = looks.map((look) => (visibleKind(look) === null ? 0 : 1));
    const stated = inspections.map(({ probability }) => probability);
    expect(testCalibration(stated, outcomes, random.fork('calibration')).pValue).toBeGreaterThan(0.001);
    // The test would notice a detector that takes its reports for certain.
    const sure = inspections.map(({ finding }) => (finding === 'defect' ? 0.99 : 0.01));
    expect(testCalibration(sure, outcomes, random.fork('sure')).pValue).toBeLessThan(0.01);
  });

  it('reports by the score of the kind and not by the probability, so that rare defects are doubted', () => {
    const reports = inspections.filter(({ finding }) => finding === 'defect');
    expect(Math.min(...reports.map(({ probability }) => probability))).toBeLessThan(0.5);
    for (const { finding, kind } of inspections) expect(kind === '').toBe(finding === 'clean');
  });
});
