/**
 * What a simulated grid is like: how often it breaks and is flown over, how good the detector is, how its instruments
 * err. Two are made up here; any number of either may be changed on the way into `simulateGrid`.
 */
import { drake } from '../../core/physics/conductor.ts';
import { jointContactOhm } from '../../core/physics/joint-ratio.ts';

export const DEFECT_KINDS = ['failing_joint', 'broken_insulator', 'broken_strand'] as const;
export type DefectKind = (typeof DEFECT_KINDS)[number];

export type PerKind = Readonly<Record<DefectKind, number>>;

/** Of one look, for each kind of defect by itself. */
export interface DetectorQuality {
  /** Chance that a defect that can be seen is reported. */
  readonly recall: PerKind;
  /** Chance that one is reported where none of this kind can be seen. */
  readonly falsePositiveRate: PerKind;
}

export interface SimulationProfile {
  /** Share of the towers on which something breaks within the history. */
  readonly defectShare: number;
  /** Dealt out in turn; a kind that is there twice is twice as frequent. */
  readonly defectKinds: readonly DefectKind[];
  /** `plain`: all joints end far above any threshold; `heavy-tailed`: most begin slight, and few ever burn. */
  readonly joints: 'plain' | 'heavy-tailed';
  /** Contact resistance from which a joint is seen, by its heat or by what the heat has done. */
  readonly visibleJointOhm: number;
  /** Currents of short circuits elsewhere that pass through a line, a year. */
  readonly throughFaultsPerYear: number;

  /** Over each line, on average; what is not whole is left to chance. At most `MOST_FLIGHTS_PER_YEAR`. */
  readonly flightsPerYear: number;
  /** Rounds at even distances, the last just before the history ends; else at any time. */
  readonly evenRounds: boolean;
  readonly detector: DetectorQuality;
  /** Median time from a right report to the repair; 0 where nothing is ever repaired. */
  readonly repairDays: number;

  /** Deviation of the residual current that returns through the earth, as a share of the phase current. */
  readonly earthReturnShare: number;
  /** Long-run deviation of an instrument's slow change of gain, the same for resistance and reactance. */
  readonly gainDrift: number;
  /** How often a sensor is set anew or exchanged, and its gain with it: a lasting step that is no defect. */
  readonly recalibrationsPerYear: number;
  /** Deviation of a sensor's clock where it was just set, and of its rate, in millionths. */
  readonly clock: { readonly offsetSecond: number; readonly ratePartsPerMillion: number };
}

/** More would leave no gain that lasts. */
export const MOST_RECALIBRATIONS_PER_YEAR = 52;

/** Flights wait for fair weather for up to five days each. */
export const MOST_FLIGHTS_PER_YEAR = 73;

/** Watched all the time, and breaks often and plainly: what the demo tells its story with. */
export const storyProfile = Object.freeze<SimulationProfile>({
  defectShare: 0.28,
  defectKinds: ['failing_joint', 'broken_insulator'],
  joints: 'plain',
  visibleJointOhm: 0.5e-3,
  throughFaultsPerYear: 0,
  flightsPerYear: 365 / 20,
  evenRounds: true,
  detector: everyKind(0.95, 0.005),
  repairDays: 0,
  earthReturnShare: 0,
  gainDrift: 0,
  recalibrationsPerYear: 0,
  clock: { offsetSecond: 0, ratePartsPerMillion: 0 },
});

/** Looked at as seldom as utilities do, about a tenth of the towers a year, and mostly sound. */
export const fieldProfile = Object.freeze<SimulationProfile>({
  defectShare: 0.1,
  defectKinds: ['failing_joint', 'broken_insulator', 'failing_joint', 'broken_insulator', 'broken_strand'],
  joints: 'heavy-tailed',
  // Some 5 K above its conductor at 500 A: a thermal camera tells it.
  visibleJointOhm: jointContactOhm(drake, 3),
  throughFaultsPerYear: 6,
  // A flight visits three quarters of its line's towers.
  flightsPerYear: 0.13,
  evenRounds: false,
  detector: {
    recall: { failing_joint: 0.9, broken_insulator: 0.95, broken_strand: 0.7 },
    falsePositiveRate: { failing_joint: 0.005, broken_insulator: 0.005, broken_strand: 0.005 },
  },
  repairDays: 45,
  earthReturnShare: 0.002,
  gainDrift: 0.0005,
  recalibrationsPerYear: 0,
  clock: { offsetSecond: 5, ratePartsPerMillion: 10 },
});

function everyKind(recall: number, falsePositiveRate: number): DetectorQuality {
  const same = (value: number): PerKind => ({
    failing_joint: value,
    broken_insulator: value,
    broken_strand: value,
  });
  return { recall: same(recall), falsePositiveRate: same(falsePositiveRate) };
}
