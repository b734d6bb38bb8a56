/** What the detector reports of each look, with calibrated probabilities, for data sets without pictures. */
import { DEFECT_KINDS } from './profile.ts';
import type { DefectKind, PerKind } from './profile.ts';
import { visibleKind } from './detector.ts';
import type { LineSurvey } from './survey.ts';

export interface SimulatedInspection {
  readonly inspectedAt: Date;
  readonly sensorId: string;
  readonly finding: 'clean' | 'defect';
  /** That a defect of whatever kind can be seen on the tower, given the scores of all kinds: calibrated. */
  readonly probability: number;
  /** Empty for a clean finding. */
  readonly kind: DefectKind | '';
}

/** Looks on which the detector was calibrated, besides those of the data set: a wide prior where these are few. */
const PRIOR_LOOKS = { clean: 40, ofEachKind: 0.5 };

/**
 * In the order of time. The detector knows how frequent each kind is among looks, as one that was calibrated on the
 * looks of earlier years would; it reports at fixed thresholds, so that a report may well be less likely than not
 * where defects are rare.
 */
export function listInspections(surveys: readonly LineSurvey[]): SimulatedInspection[] {
  const odds = priorOdds(surveys);
  const inspections = surveys.flatMap(({ looks, sights }) =>
    looks.map((look, index): SimulatedInspection => {
      const { reported, likelihoodRatios } = sights[index]!;
      // A tower has one defect at most, so that the kinds exclude one another.
      const oddsOfAny = DEFECT_KINDS.reduce((sum, kind) => sum + odds[kind] * likelihoodRatios[kind], 0);
      return {
        inspectedAt: look.takenAt,
        sensorId: look.sensorId,
        finding: reported ? 'defect' : 'clean',
        probability: oddsOfAny / (1 + oddsOfAny),
        kind: reported ?? '',
      };
    }),
  );
  return inspections.sort((left, right) => left.inspectedAt.getTime() - right.inspectedAt.getTime());
}

/** Looks that show the kind, for each that shows nothing. */
function priorOdds(surveys: readonly LineSurvey[]): PerKind {
  const shown = surveys.flatMap(({ looks }) => looks.map(visibleKind));
  const clean = PRIOR_LOOKS.clean + shown.filter((kind) => kind === null).length;
  const oddsOf = (kind: DefectKind) =>
    (PRIOR_LOOKS.ofEachKind + shown.filter((other) => other === kind).length) / clean;
  return {
    failing_joint: oddsOf('failing_joint'),
    broken_insulator: oddsOf('broken_insulator'),
    broken_strand: oddsOf('broken_strand'),
  };
}
