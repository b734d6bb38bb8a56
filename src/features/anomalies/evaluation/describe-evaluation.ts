/** Says an evaluation in lines for people. */
import type { Estimate } from './estimate.ts';
import type { Evaluation } from './evaluate-scores.ts';
import type { KindRecall, Recall } from './event-recall.ts';

export function describeEvaluation(evaluation: Evaluation): string {
  const { events, falseAlarms, ranking, calibration, rain, weather } = evaluation;
  const { delayDays } = events;
  const lines = [
    `${evaluation.readings} readings of ${evaluation.sensors} sensors on ${evaluation.towers} towers`,
    '',
    `defects found: ${recall(events.claimed)}`,
    ...events.byKind.map((group) => `  ${kind(group)}: ${recall(group)}`),
    `  severe only after the split: ${recall(events.claimedAfterSplit)}`,
    ...events.apart.map((group) => `  apart, ${kind(group)}: ${recall(group)}`),
    ...events.detectionLimits.map(
      (limit) =>
        `  ${limit.kind}: 9 of 10 are found ${limit.magnitude === null ? 'at no magnitude' : `from ${limit.magnitude} on`}`,
    ),
    ...(events.tooShort > 0 ? [`  ${events.tooShort} were severe for too short a time to judge`] : []),
    `delay from severity: median ${estimate(delayDays.medianOfFound, 1)} days, p90 ${estimate(delayDays.p90OfFound, 1)} of those found; p90 of all ${Number.isFinite(delayDays.p90OfAll) ? `${delayDays.p90OfAll.toFixed(1)} days` : 'never'}`,
    `false alarms: ${falseAlarms.count} in ${falseAlarms.sensorYears.toFixed(1)} healthy sensor-years, ${estimate(falseAlarms.perSensorYear, 2)} a sensor-year, at most ${falseAlarms.upperBound.toFixed(2)} (95 %, Poisson); in alarm ${estimate(falseAlarms.shareOfTime, 3)} of healthy time`,
    `average precision by ${ranking.cases}: ${estimate(ranking.averagePrecision, 3)}, by chance ${ranking.ofChance.toFixed(3)} (${ranking.defectiveDays} of ${ranking.days} days)`,
    `Brier score ${estimate(calibration.brier.score, 4)} = reliability ${estimate(calibration.brier.reliability, 4)} - resolution ${estimate(calibration.brier.resolution, 4)} + uncertainty ${calibration.brier.uncertainty.value.toFixed(4)}`,
    `calibration error ${calibration.test.error.toFixed(3)}, by chance ${calibration.test.expectedError.toFixed(3)}, p = ${calibration.test.pValue.toFixed(3)} (one day of each of ${calibration.test.cases} sensors)`,
  ];
  if (rain !== null) {
    const { ratio, lower, upper } = rain.falseAlarms;
    lines.push(
      `rain to dry: false alarms ${estimate({ value: ratio, lower, upper }, 2)} (${rain.wetFalseAlarms} in wet hours, ${rain.dryFalseAlarms} in dry; ${(100 * rain.wetShare).toFixed(0)} % wet), high scores ${estimate(rain.highScores, 2)}`,
    );
  }
  if (weather !== null) {
    lines.push(
      `R² on the weather in healthy time, held out: score ${estimate(weather.r2OfScore, 3)}, logit ${estimate(weather.r2OfLogit, 3)}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

/** @example 0.975 (0.941 to 0.993) */
function estimate({ value, lower, upper }: Estimate, decimals: number): string {
  if (Number.isNaN(value)) return 'none';
  return `${value.toFixed(decimals)} (${lower.toFixed(decimals)} to ${upper.toFixed(decimals)})`;
}

/** @example 12 of 13, 92 % (67 to 99), by chance 5 % */
function recall({ defects, found, recall: share, lower, upper, byChance }: Recall): string {
  if (defects === 0) return 'none to find';
  const percent = (value: number): string => (100 * value).toFixed(0);
  return `${found} of ${defects}, ${percent(share)} % (${percent(lower)} to ${percent(upper)}), by chance ${percent(byChance)} %`;
}

function kind({ kind: name, severity }: KindRecall): string {
  return severity === '' ? name : `${name}, ${severity}`;
}
