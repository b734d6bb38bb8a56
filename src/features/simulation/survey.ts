/**
 * The hidden truth of lines and what drones make of it: plays the weather and the failing joints of the whole time,
 * flies, lets the detector look and crews mend what it rightly found. It holds a few days of weather a flight and
 * one number a day and failing joint.
 */
import { createRandom } from '../../core/statistics/random.ts';
import { inspectLook, visibleKind } from './detector.ts';
import type { Sight } from './detector.ts';
import { DefectCourse } from './defect-course.ts';
import type { Outcome } from './defect-course.ts';
import type { SimulatedDefect } from './defects.ts';
import { FairDayWatch, planFlightWindows } from './flight-windows.ts';
import { flyLine } from './flights.ts';
import type { SimulatedFlight, SimulatedLook } from './flights.ts';
import { allDefects } from './grid.ts';
import type { SimulatedGrid } from './grid.ts';
import { JointWatch } from './joint-watch.ts';
import { createRegion, LineCourse, NO_REPAIRS } from './line-course.ts';
import type { Repairs } from './line-course.ts';
import type { SimulatedLine, SimulatedTower } from './line.ts';
import { isRepairHour } from './repair.ts';

export interface LineSurvey {
  readonly lineId: string;
  readonly flights: readonly SimulatedFlight[];
  readonly looks: readonly SimulatedLook[];
  /** One a look. */
  readonly sights: readonly Sight[];
  readonly outcomes: readonly Outcome[];
}

/** @example const looks = surveyLines(grid, grid.lines).flatMap((line) => line.looks) */
export function surveyLines(grid: SimulatedGrid, lines: readonly SimulatedLine[]): LineSurvey[] {
  const watches = lines.map((line) => new LineWatch(grid, line));
  const region = createRegion(grid);
  const stepMs = grid.stepMinutes * 60_000;
  for (let atMs = grid.startAt.getTime(); atMs < grid.endAt.getTime(); atMs += stepMs) {
    const regional = region(atMs);
    for (const watch of watches) {
      watch.course.stepSpans(atMs, regional);
      watch.note(atMs);
    }
  }
  return watches.map((watch) => watch.finish());
}

export function repairsOf(surveys: readonly LineSurvey[]): Repairs {
  const mended = surveys.flatMap(({ outcomes }) => outcomes.filter(({ repairedAt }) => repairedAt !== null));
  return new Map(mended.map(({ defect, repairedAt }) => [defect.sensorId, repairedAt!.getTime()]));
}

class LineWatch {
  readonly course: LineCourse;
  private readonly fairDays: FairDayWatch;
  private readonly defects: readonly SimulatedDefect[];
  private readonly jointTowers: readonly SimulatedTower[];
  private readonly joints: ReadonlyMap<string, JointWatch>;

  constructor(
    private readonly grid: SimulatedGrid,
    private readonly line: SimulatedLine,
  ) {
    this.defects = allDefects(grid).filter(({ lineId }) => lineId === line.lineId);
    const failing = this.defects.filter(({ kind }) => kind === 'failing_joint');
    const sensors = new Set(failing.map(({ sensorId }) => sensorId));
    this.jointTowers = line.towers.filter(({ impedanceSensorId }) => sensors.has(impedanceSensorId));
    this.joints = new Map(
      [...sensors].map((sensor) => [sensor, new JointWatch(grid.profile.visibleJointOhm)]),
    );
    this.course = new LineCourse(grid, line, NO_REPAIRS, this.jointTowers);
    const windows = planFlightWindows(grid, this.random.fork('windows'));
    this.fairDays = new FairDayWatch(grid, line, windows);
  }

  private get random() {
    return createRandom(this.grid.seed).fork(`flights/${this.line.lineId}`);
  }

  note(atMs: number): void {
    this.fairDays.note(atMs, this.course.weather);
    const isCrewTime = isRepairHour(this.grid, atMs);
    for (const [index, { impedanceSensorId }] of this.jointTowers.entries()) {
      this.joints.get(impedanceSensorId)!.note(atMs, this.course.spans.jointContactOhm[index]!, isCrewTime);
    }
  }

  finish(): LineSurvey {
    const { grid, line } = this;
    const courses = new Map(
      this.defects.map((defect) => [
        defect.sensorId,
        new DefectCourse(grid, defect, this.joints.get(defect.sensorId)),
      ]),
    );
    const sights: Sight[] = [];
    const { flights, looks } = flyLine(
      grid,
      line,
      this.fairDays.finish(),
      {
        visible: (tower, atMs) => courses.get(tower.impedanceSensorId)?.kindSeenAt(atMs),
        looked: (look) => {
          const random = createRandom(grid.seed).fork(`inspections/${look.flightId}/${look.towerId}`);
          const sight = inspectLook(look, grid.profile.detector, random);
          sights.push(sight);
          if (sight.reported === null || sight.reported !== visibleKind(look)) return;
          courses.get(look.sensorId)!.find(look.takenAt);
        },
      },
      this.random,
    );
    const outcomes = [...courses.values()].map((course) => course.outcome());
    return { lineId: line.lineId, flights, looks, sights, outcomes };
  }
}
