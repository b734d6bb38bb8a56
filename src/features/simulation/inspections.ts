/** What a good but not perfect detector would report of each look, for data sets without pictures. */
import { createRandom } from '../../core/statistics/random.ts';
import type { SimulatedLook } from './flights.ts';
import type { SimulatedDefect } from './defects.ts';
import type { SimulatedGrid } from './grid.ts';

export interface SimulatedInspection {
  readonly inspectedAt: Date;
  readonly sensorId: string;
  readonly finding: 'clean' | 'defect';
  /** That a defect is there, as the detector sees it. */
  readonly probability: number;
  /** Empty for a clean finding. */
  readonly kind: SimulatedDefect['kind'] | '';
}

const RECALL = 0.95;
const FALSE_POSITIVE_SHARE = 0.01;

export function inspectLooks(grid: SimulatedGrid, looks: readonly SimulatedLook[]): SimulatedInspection[] {
  const random = createRandom(grid.seed).fork('inspections');
  return looks.map((look) => {
    const draw = random.fork(`${look.flightId}/${look.towerId}`);
    const isDefective = look.insulatorDefect || look.jointDefect;
    const isReported = draw.uniform() < (isDefective ? RECALL : FALSE_POSITIVE_SHARE);
    // Reports are sure of themselves where they are right, less so where they are wrong.
    const doubt = draw.uniform() * (isReported === isDefective ? 0.15 : 0.45);
    const imagined = draw.uniform() < 0.5 ? 'failing_joint' : 'broken_insulator';
    const seen = look.insulatorDefect ? 'broken_insulator' : look.jointDefect ? 'failing_joint' : imagined;
    return {
      inspectedAt: look.takenAt,
      sensorId: look.sensorId,
      finding: isReported ? 'defect' : 'clean',
      probability: Math.round((isReported ? 1 - doubt : doubt) * 1000) / 1000,
      kind: isReported ? seen : '',
    };
  });
}
