/** The small files of a simulated grid: assets, flights, inspections and the hidden truth. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Outcome } from './defect-course.ts';
import type { SimulatedGrid } from './grid.ts';
import { listInspections } from './inspections.ts';
import type { LineSurvey } from './survey.ts';
import { WEATHER_QUANTITIES } from './weather-station.ts';

type Cell = string | number | null;

/** Cells are ids, numbers and times, so none needs quoting. Null is an empty one. */
async function writeTable(path: string, columns: readonly string[], rows: readonly Cell[][]): Promise<void> {
  const lines = [columns, ...rows].map((cells) => `${cells.join(',')}\n`);
  await writeFile(path, lines.join(''));
}

export function writeAssets(grid: SimulatedGrid, outDir: string): Promise<void> {
  const rows = grid.lines.flatMap((line) =>
    line.towers.flatMap((tower, position): Cell[][] => {
      const place = [tower.lineId, tower.towerId, tower.latitudeDeg, tower.longitudeDeg];
      const station = position === 0 ? [[...place, line.weatherSensorId, 'weather']] : [];
      return [[...place, tower.impedanceSensorId, 'impedance'], ...station];
    }),
  );
  const columns = ['line_id', 'tower_id', 'latitude_deg', 'longitude_deg', 'sensor_id', 'kind'];
  return writeTable(join(outDir, 'assets.csv'), columns, rows);
}

/** The weather is the true one of the line when the flight started. */
export function writeFlights(surveys: readonly LineSurvey[], outDir: string): Promise<void> {
  const flights = surveys
    .flatMap((survey) => survey.flights)
    .sort((left, right) => left.startedAt.getTime() - right.startedAt.getTime());
  const rows = flights.map(({ flightId, lineId, startedAt, weather }): Cell[] => [
    flightId,
    lineId,
    startedAt.toISOString(),
    ...WEATHER_QUANTITIES.map(({ name, decimals }) => weather[name].toFixed(decimals)),
  ]);
  const columns = ['flight_id', 'line_id', 'started_at', ...WEATHER_QUANTITIES.map(({ column }) => column)];
  return writeTable(join(outDir, 'flights.csv'), columns, rows);
}

export function writeInspections(surveys: readonly LineSurvey[], outDir: string): Promise<void> {
  const rows = listInspections(surveys).map(
    ({ inspectedAt, sensorId, finding, probability, kind }): Cell[] => [
      inspectedAt.toISOString(),
      sensorId,
      finding,
      probability.toFixed(5),
      kind,
    ],
  );
  const columns = ['inspected_at', 'sensor_id', 'finding', 'probability', 'kind'];
  return writeTable(join(outDir, 'inspections.csv'), columns, rows);
}

export function writeTruth(outcomes: readonly Outcome[], outDir: string): Promise<void> {
  const columns = [
    'sensor_id',
    'kind',
    'onset_at',
    'line_id',
    'tower_id',
    'shorted_discs',
    'joint_limit_ohm',
    'ratio_2_at',
    'peak_joint_ratio',
    'strand_count',
    'visible_from_at',
    'repaired_at',
  ];
  const rows = [...outcomes]
    .sort((left, right) => left.defect.onsetAt.getTime() - right.defect.onsetAt.getTime())
    .map(({ defect, ratioTwoAt, peakJointRatio, visibleFromAt, repairedAt }): Cell[] => [
      defect.sensorId,
      defect.kind,
      defect.onsetAt.toISOString(),
      defect.lineId,
      defect.towerId,
      defect.kind === 'broken_insulator' ? defect.damage.shortedDiscs : null,
      defect.kind === 'failing_joint' ? defect.joint.limitOhm.toFixed(7) : null,
      ratioTwoAt?.toISOString() ?? null,
      peakJointRatio?.toFixed(3) ?? null,
      defect.kind === 'broken_strand' ? defect.damage.brokenStrands : null,
      visibleFromAt?.toISOString() ?? null,
      repairedAt?.toISOString() ?? null,
    ]);
  return writeTable(join(outDir, 'truth.csv'), columns, rows);
}
