/** What the hidden truth says of defects, flights and repairs on a grid that is looked at as seldom as utilities do. */
import { describe, expect, it } from 'vitest';
import { solarHour } from '../../core/physics/solar-position.ts';
import { createRandom } from '../../core/statistics/random.ts';
import { visibleKind } from './detector.ts';
import { planFlightWindows } from './flight-windows.ts';
import { gridOfSensors } from './grid.ts';
import { createRegion, LineCourse, NO_REPAIRS } from './line-course.ts';
import { fieldProfile } from './profile.ts';
import { repairsOf, surveyLines } from './survey.ts';

const DAYS = 365;
const size = { sensors: 12 * 20, days: DAYS, seed: 3 };
const grid = gridOfSensors({ ...size, profile: { ...fieldProfile, defectShare: 0.3, flightsPerYear: 6 } });
const surveys = surveyLines(grid, grid.lines);
const looks = surveys.flatMap((survey) => survey.looks);
const flights = surveys.flatMap((survey) => survey.flights);
const outcomes = surveys.flatMap((survey) => survey.outcomes);
const outcomeOf = new Map(outcomes.map((outcome) => [outcome.defect.sensorId, outcome]));
const DAY_MS = 86_400_000;

describe('the flights of a year', () => {
  it('are as many as asked for', () => {
    // Those of each line differ from 6 by the fraction that is left to chance: not at all here.
    expect(flights).toHaveLength(20 * 6);
  });

  it('see a tenth of the towers a year where they are as rare as by default', () => {
    const LINES = 4000;
    const seldom = { ...grid, profile: fieldProfile };
    const random = createRandom(1);
    const windows = Array.from({ length: LINES }, (_, line) =>
      planFlightWindows(seldom, random.fork(`line ${line}`)),
    );
    const share = windows.flat().length / LINES;
    expect(Math.abs(share - 0.13)).toBeLessThan(4 * Math.sqrt((0.13 * 0.87) / LINES));
    // 8 to 10 of 12 towers a flight.
    expect(Math.abs(looks.length / flights.length / 12 - 0.75)).toBeLessThan(0.02);
  });

  it('choose fair weather: calmer and drier than the noons of the year', () => {
    const region = createRegion(grid);
    const course = new LineCourse(grid, grid.lines[0]!, NO_REPAIRS, []);
    const noons: { wind: number; rain: number }[] = [];
    for (let atMs = grid.startAt.getTime(); atMs < grid.endAt.getTime(); atMs += 600_000) {
      course.stepSpans(atMs, region(atMs));
      const hour = solarHour(atMs, grid.lines[0]!.towers[0]!.longitudeDeg);
      const { windMetrePerSecond: wind, rainMillimetrePerHour: rain } = course.weather;
      if (hour >= 10 && hour < 12) noons.push({ wind, rain });
    }
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const windInFlight = mean(flights.map(({ weather }) => weather.windMetrePerSecond));
    expect(windInFlight).toBeLessThan(0.8 * mean(noons.map(({ wind }) => wind)));
    expect(noons.filter(({ rain }) => rain > 0).length / noons.length).toBeGreaterThan(0.03);
    expect(flights.filter(({ weather }) => weather.rainMillimetrePerHour > 0).length).toBeLessThan(2);
  });
});

describe('the hidden truth', () => {
  it('dates every defect: onset, when it can be seen, when severe, when mended', () => {
    expect(outcomes).toHaveLength(72);
    for (const { defect, visibleFromAt, ratioTwoAt, repairedAt, peakJointRatio } of outcomes) {
      const isJoint = defect.kind === 'failing_joint';
      for (const at of [visibleFromAt, ratioTwoAt, repairedAt]) {
        if (at) expect(at.getTime()).toBeGreaterThanOrEqual(defect.onsetAt.getTime());
      }
      if (repairedAt) expect(repairedAt.getTime()).toBeGreaterThan(visibleFromAt!.getTime());
      expect(peakJointRatio === null).toBe(!isJoint);
      expect(ratioTwoAt !== null).toBe((peakJointRatio ?? 0) >= 2);
      expect(visibleFromAt !== null).toBe(!isJoint || peakJointRatio! >= 3);
    }
  });

  it('lets joints end slight, severe and burnt', () => {
    const peaks = outcomes.flatMap(({ peakJointRatio }) => peakJointRatio ?? []);
    expect(peaks.filter((ratio) => ratio < 2).length).toBeGreaterThan(peaks.length / 10);
    expect(peaks.filter((ratio) => ratio >= 2).length).toBeGreaterThan(peaks.length / 3);
    expect(peaks.filter((ratio) => ratio >= 5).length).toBeGreaterThan(0);
  });

  it('mends only what was rightly reported, and nothing shows after it', () => {
    const mended = outcomes.filter(({ repairedAt }) => repairedAt !== null);
    expect(mended.length).toBeGreaterThan(10);
    const reports = surveys.flatMap((survey) =>
      survey.looks.filter((look, index) => {
        const { reported } = survey.sights[index]!;
        return reported !== null && reported === visibleKind(look);
      }),
    );
    for (const { defect, repairedAt } of mended) {
      const first = reports.find(({ sensorId }) => sensorId === defect.sensorId)!;
      const days = (repairedAt!.getTime() - first.takenAt.getTime()) / DAY_MS;
      // Log-normal about 45 days, sigma 0.5: four of them, and the wait for the hour.
      expect(days).toBeGreaterThan(45 * Math.exp(-4 * 0.5));
      expect(days).toBeLessThan(45 * Math.exp(4 * 0.5) + 1);
    }
    for (const look of looks) {
      const outcome = outcomeOf.get(look.sensorId);
      const { visibleFromAt, repairedAt } = outcome ?? {};
      const isSeen =
        visibleFromAt && look.takenAt >= visibleFromAt && !(repairedAt && look.takenAt >= repairedAt);
      expect(visibleKind(look)).toBe(isSeen ? outcome!.defect.kind : null);
    }
  });

  it('mends nothing where told so', () => {
    const kept = { ...grid, profile: { ...grid.profile, repairDays: 0 } };
    const line = surveyLines(kept, kept.lines.slice(0, 4)).flatMap((survey) => survey.outcomes);
    expect(line.filter(({ repairedAt }) => repairedAt)).toEqual([]);
  });

  it('is what the spans go through: at ratio 2 when said, and sound again once mended', () => {
    const line = grid.lines.find(({ lineId }) =>
      outcomes.some((one) => one.defect.lineId === lineId && one.ratioTwoAt && one.repairedAt),
    )!;
    const { defect, ratioTwoAt, repairedAt } = outcomes.find(
      (one) => one.defect.lineId === line.lineId && one.ratioTwoAt && one.repairedAt,
    )!;
    const course = new LineCourse(grid, line, repairsOf(surveys));
    const region = createRegion(grid);
    const at = line.towers.findIndex(({ impedanceSensorId }) => impedanceSensorId === defect.sensorId);
    let severeMs = Infinity;
    for (let atMs = grid.startAt.getTime(); atMs < repairedAt!.getTime() + DAY_MS; atMs += 600_000) {
      course.step(atMs, region(atMs));
      const ohm = course.spans.jointContactOhm[at]!;
      if (ohm >= 1.4 * 0.8 * 7.1425e-5) severeMs = Math.min(severeMs, atMs);
      if (atMs >= repairedAt!.getTime()) expect(ohm).toBe(0);
    }
    // 7.14e-5 ohm per metre at 20 °C, rounded.
    expect(Math.abs(severeMs - ratioTwoAt!.getTime())).toBeLessThanOrEqual(6 * 3_600_000);
  });

  it('does not hang on the part of the grid that is looked at', () => {
    expect(surveyLines(grid, grid.lines.slice(7, 9))).toEqual(surveys.slice(7, 9));
  });
});

describe('a swap of the weather', () => {
  const swapped = { ...grid, weatherSeed: 99 };
  const under = surveyLines(swapped, grid.lines);

  it('leaves grid, defects, load and instruments as they are', () => {
    const other = gridOfSensors({ ...size, weatherSeed: 99, profile: grid.profile });
    expect(other).toEqual(swapped);
    expect(under.flatMap((survey) => survey.outcomes.map(({ defect }) => defect))).toEqual(
      outcomes.map(({ defect }) => defect),
    );
    const courses = [grid, swapped].map((of) => new LineCourse(of, of.lines[0]!, NO_REPAIRS));
    const regions = [grid, swapped].map(createRegion);
    for (const [index, course] of courses.entries()) course.step(grid.startAt.getTime(), regions[index]!(0));
    expect(courses[1]!.loadAmpere).toBe(courses[0]!.loadAmpere);
    expect(courses[1]!.weather).not.toEqual(courses[0]!.weather);
  });
});
