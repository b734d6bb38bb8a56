import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../core/statistics/random.ts';
import { evaluateScores, EVALUATION_DEFAULTS, type EvaluationInput } from './evaluate-scores.ts';
import { ScoresBuilder } from './scores-builder.ts';
import type { TrueDefect } from './true-defect.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const START = Date.parse('2026-03-01T00:00:00Z');
const DAYS = 100;

const day = (days: number): number => START + days * DAY_MS;
const joint = (
  sensorId: string,
  onsetDay: number,
  severeDay = onsetDay,
  repairedDay = Infinity,
): TrueDefect => ({
  sensorId,
  kind: 'failing_joint',
  onsetAt: day(onsetDay),
  severeAt: day(severeDay),
  repairedAt: day(repairedDay),
  severity: 'ratio 2 to 3',
  magnitude: 2.5,
  claimed: true,
});

/** Rain on every fifth day, all day. */
const isRainy = (time: number): boolean => Math.floor((time - START) / DAY_MS) % 5 === 0;

/** @param events days from and to, in which an event is open; @param score of a reading at a time */
function scored(
  sensors: readonly {
    id: string;
    events: readonly (readonly [number, number])[];
    score: (time: number) => number;
  }[],
  truth: readonly TrueDefect[],
): EvaluationInput {
  const builder = new ScoresBuilder(1);
  for (const { id, events, score } of sensors) {
    for (let time = START; time < day(DAYS); time += HOUR_MS) {
      const open = events.findIndex(([from, to]) => time >= day(from) && time < day(to));
      builder.add(id, time, score(time), open < 0 ? null : String(open), [isRainy(time) ? 2 : 0]);
    }
  }
  return {
    sensors: builder.finish(),
    truth: new Map(truth.map((defect) => [defect.sensorId, [defect]])),
    context: ['rain_mm'],
    rainColumn: 'rain_mm',
    towers: new Map(),
  };
}

const evaluate = (input: EvaluationInput, options = {}) =>
  evaluateScores(input, { ...EVALUATION_DEFAULTS, draws: 100, ...options });
const low = (): number => 0.1;

describe('evaluateScores', () => {
  it('counts a defect as found by an event that opens after its onset, and takes the delay from severity', () => {
    const sensors = [
      { id: 'early', events: [[45, 99]] as const, score: low },
      { id: 'late', events: [[54, 60]] as const, score: low },
      { id: 'missed', events: [], score: low },
      { id: 'before', events: [[10, 60]] as const, score: low },
      { id: 'too-late', events: [[95, 99]] as const, score: low },
    ];
    const truth = sensors.map(({ id }) => joint(id, 40, 50));
    const { events, falseAlarms } = evaluate(scored(sensors, truth));
    expect(events.claimed).toMatchObject({ defects: 5, found: 2, recall: 0.4 });
    // Five days before it was severe, and four days after.
    expect(events.delayDays.medianOfFound.value).toBeCloseTo(-0.5, 6);
    expect(events.delayDays.p90OfAll).toBe(Infinity);
    // The one that was open before the onset was a false alarm.
    expect(falseAlarms.count).toBe(1);
  });

  it('leaves out of healthy time what comes after an onset, and counts it again after the repair', () => {
    const sensors = [
      {
        id: 'a',
        events: [
          [20, 21],
          [55, 56],
          [90, 91],
        ] as const,
        score: low,
      },
      { id: 'b', events: [], score: low },
    ];
    const { falseAlarms } = evaluate(scored(sensors, [joint('a', 40, 50, 60)]));
    expect(falseAlarms.count).toBe(2);
    // All of b; of a all but the onset's 20 days and 3 in which to settle. The first reading stands for nothing.
    expect(falseAlarms.sensorYears * 365.25).toBeCloseTo(200 - 23 - 2 / 24, 6);
    expect(falseAlarms.perSensorYear.value).toBeCloseTo(2 / falseAlarms.sensorYears, 9);
    expect(falseAlarms.upperBound * falseAlarms.sensorYears).toBeCloseTo(6.296, 2);
  });

  it('judges nothing before the split but remembers that a defect had been found', () => {
    const sensors = [
      {
        id: 'a',
        events: [
          [10, 11],
          [42, 70],
        ] as const,
        score: low,
      },
    ];
    const { events, falseAlarms } = evaluate(scored(sensors, [joint('a', 40)]), { from: day(60) });
    expect(falseAlarms.count).toBe(0);
    expect(events.claimed).toMatchObject({ defects: 1, found: 1 });
    expect(events.claimedAfterSplit.defects).toBe(0);
  });

  it('ranks days without those between onset and severity', () => {
    // High from the onset on: the ten days until severity would be false if they were counted as healthy.
    const sensors = [
      { id: 'a', events: [], score: (time: number) => (time >= day(40) ? 0.9 : 0.2) },
      { id: 'b', events: [], score: low },
    ];
    const { ranking } = evaluate(scored(sensors, [joint('a', 40, 50)]));
    expect(ranking).toMatchObject({ days: 190, defectiveDays: 50 });
    expect(ranking.averagePrecision.value).toBe(1);
    expect(ranking.ofChance).toBeCloseTo(50 / 190, 9);
  });

  it('keeps what is not claimed apart and says from which magnitude on it is found', () => {
    const strands = (sensorId: string, magnitude: number): TrueDefect => ({
      ...joint(sensorId, 40),
      kind: 'broken_strand',
      severity: `${magnitude} broken strands`,
      magnitude,
      claimed: false,
    });
    const sensors = [
      { id: 'a', events: [[41, 50]] as const, score: low },
      { id: 'b', events: [], score: low },
    ];
    const { events, ranking } = evaluate(scored(sensors, [strands('a', 9), strands('b', 3)]));
    expect(events.claimed.defects).toBe(0);
    expect(events.apart.map(({ severity, found }) => [severity, found])).toEqual([
      ['3 broken strands', 0],
      ['9 broken strands', 1],
    ]);
    expect(events.detectionLimits).toEqual([{ kind: 'broken_strand', magnitude: 9 }]);
    expect(ranking.defectiveDays).toBe(0);
  });

  it('finds false alarms that come with the rain, and a score that is nothing but rain', () => {
    const noise = createRandom(3);
    const ids = Array.from({ length: 20 }, (_, at) => `s${at}`);
    const rainy = ids.map((id) => ({
      id,
      events: [
        [10.5, 11.5],
        [35.2, 36],
        [52.5, 53],
      ] as const,
      score: (time: number) => (isRainy(time) ? 0.3 : 0.1) + 0.01 * noise.uniform(),
    }));
    const { rain, weather } = evaluate(scored(rainy, []));
    expect(rain).toMatchObject({ wetFalseAlarms: 40, dryFalseAlarms: 20 });
    // Wet for 30 of 120 hours: twice the count in a third of the time.
    expect(rain!.falseAlarms.ratio).toBeCloseTo(6, 0);
    expect(weather!.r2OfScore.lower).toBeGreaterThan(0.95);
    const blind = ids.map((id) => ({ id, events: [], score: () => 0.1 + 0.5 * noise.uniform() }));
    const nothing = evaluate(scored(blind, []));
    expect(Math.abs(nothing.weather!.r2OfScore.value)).toBeLessThan(0.005);
    // Of 20 sensors' 24 highest hours each; four standard errors of the ratio are about 0.9.
    expect(nothing.rain!.highScores.value).toBeGreaterThan(0.4);
    expect(nothing.rain!.highScores.value).toBeLessThan(1.9);
  });

  it('tells probabilities that are true from ones that are overstated', () => {
    // Ten groups of ten; of each, as many are defective as its probability says.
    const sensors = Array.from({ length: 100 }, (_, at) => ({
      id: `s${at}`,
      chance: Math.floor(at / 10) / 10 + 0.05,
      defective: at % 10 < Math.floor(at / 10) + (Math.floor(at / 10) % 2),
    }));
    const truth = sensors.filter(({ defective }) => defective).map(({ id }) => joint(id, 0));
    const withScore = (score: (chance: number) => number) =>
      evaluate(
        scored(
          sensors.map(({ id, chance }) => ({ id, events: [], score: () => score(chance) })),
          truth,
        ),
      ).calibration;
    const honest = withScore((chance) => chance);
    const overstated = withScore((chance) => Math.cbrt(chance));
    expect(honest.test.pValue).toBeGreaterThan(0.05);
    expect(overstated.test.pValue).toBeLessThan(0.05);
    expect(overstated.brier.reliability.value).toBeGreaterThan(honest.brier.reliability.value);
    expect(honest.brier.score.value).toBeLessThan(overstated.brier.score.value);
  });

  it('draws sensors of one tower together', () => {
    const sensors = Array.from({ length: 8 }, (_, at) => ({
      id: `s${at}`,
      events:
        at < 2
          ? ([
              [20, 21],
              [40, 41],
            ] as const)
          : [],
      score: low,
    }));
    const input = scored(sensors, []);
    const alone = evaluate(input).falseAlarms.perSensorYear;
    const towers = new Map(sensors.map(({ id }, at) => [id, `T${Math.floor(at / 2)}`]));
    const together = evaluate({ ...input, towers }).falseAlarms.perSensorYear;
    expect(together.value).toBe(alone.value);
    expect(together.upper).toBeGreaterThan(alone.upper);
  });
});
