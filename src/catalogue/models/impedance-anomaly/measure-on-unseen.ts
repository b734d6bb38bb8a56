/**
 * Measures what training makes before it trains on everything: towers in four folds, so that no look judges a head that
 * learned from that tower's looks, and the last fifth of the time, which the measured stem has not seen.
 */
import { fitPlatt, type PlattScaling } from '../../../core/statistics/platt-scaling.ts';
import type { Random } from '../../../core/statistics/random.ts';
import type { AlarmSettings } from './alarm.ts';
import { kindsOf, siteOf, towerOf, type AnomalyFitOptions } from './anomaly-fit-options.ts';
import { collectResiduals } from './collect-residuals.ts';
import {
  judgeLooks,
  measureAlarms,
  measureLooks,
  type AlarmMetrics,
  type JudgedLook,
  type SensorHistory,
} from './evaluate-labels.ts';
import { fitAlarm, type LogitHistory } from './fit-alarm.ts';
import { fitHead } from './fit-head.ts';
import { fitStem } from './fit-stem.ts';
import { cutInTime, dealTowers, seriesUntil } from './held-out-split.ts';
import type { Look } from './look-intervals.ts';
import { effectiveLooks, lookWeights } from './look-propensity.ts';
import { historyOf } from './sensor-history.ts';
import { sampleShapes, samplesUntil } from './sensor-samples.ts';
import { groupLooks } from './shown-defects.ts';

/** Without labels: how common a defect is taken to be, and how common it was among what the head learned from. */
const [UNSUPERVISED_PRIOR, INJECTED_ODDS] = [0.01, 0.5];

export interface Measured {
  readonly alarm: AlarmSettings;
  /** Per sensor-year: fewer than are allowed, where more came in time not seen than had been asked for. */
  readonly falseAlarmsToAskFor: number;
  readonly calibration: PlattScaling;
  readonly metrics: Readonly<Record<string, unknown>>;
}

export async function measureOnUnseen(
  options: AnomalyFitOptions,
  random: Random,
  report: (share: number) => void,
): Promise<Measured> {
  const cut = cutInTime(options.series);
  const early = options.series
    .map((series) => seriesUntil(series, cut))
    .filter(({ observedAt }) => observedAt.length > 1);
  const fittedStem = await fitStem(early, options.channels, options.context, random.fork('stem'), (share) =>
    report(share * 0.3),
  );
  const { stem, sensors: residuals } = collectResiduals(options.series, fittedStem, siteOf(options), cut);
  const looks = groupLooks(options.looks, cut);
  const allLooks = groupLooks(options.looks, Infinity);
  const samples = residuals.map((sensor) => sampleShapes(sensor, stem));
  const taught = samples.map((own) => samplesUntil(own, cut));
  const kinds = kindsOf(options.looks);
  const sensorIds = residuals.map(({ sensorId }) => sensorId);
  const folds = dealTowers(sensorIds, towerOf(options), looks, random.fork('folds'));
  const histories: SensorHistory[] = [];
  for (let fold = 0; fold < folds.count; fold++) {
    const head = await fitHead(
      {
        stem,
        kinds,
        until: cut,
        samples: taught.filter(({ sensor }) => folds.mayTeach(fold, sensor.sensorId)),
        looks: new Map([...looks].filter(([sensorId]) => folds.mayTeach(fold, sensorId))),
      },
      random.fork(`fold ${fold}`),
    );
    for (const own of samples) {
      const { sensorId } = own.sensor;
      if (!folds.isJudgedBy(fold, sensorId)) continue;
      histories.push(historyOf(own, stem, head, allLooks.get(sensorId)));
    }
    report(0.3 + (0.7 * (fold + 1)) / folds.count);
  }
  const alarm = fitAlarm(
    histories.map((history) => logitsUntil(history, cut)),
    stem.timescales,
    options.falseAlarmsPerSensorYear,
  );
  const judged = histories.flatMap((history) =>
    judgeLooks(history, alarm, 2 * stem.timescales.horizonsHours[1]),
  );
  const came = measureAlarms(histories, alarm, cut);
  const falseAlarmsToAskFor =
    options.falseAlarmsPerSensorYear / excessOf(came, options.falseAlarmsPerSensorYear);
  const earlier = judged.filter(({ look }) => look.inspectedAt <= cut);
  const later = judged.filter(({ look }) => look.inspectedAt > cut);
  const atCut = calibrate(earlier, lookWeights(residuals, looks, cut));
  const weights = lookWeights(residuals, allLooks, Infinity);
  return {
    alarm: fitAlarm(histories, stem.timescales, falseAlarmsToAskFor),
    falseAlarmsToAskFor,
    calibration: calibrate(judged, weights),
    metrics: {
      measuredOn:
        folds.count > 1
          ? `models that had not learned from the looks of the tower they judge (${folds.count} folds of towers), nor from anything after ${new Date(cut).toISOString()}`
          : `telemetry after ${new Date(cut).toISOString()}, which training had not seen; too few labelled towers to hold any out`,
      towersNotSeen: options.looks.length === 0 ? null : measureLooks(earlier, atCut),
      towersAndTimeNotSeen: options.looks.length === 0 ? null : measureLooks(later, atCut),
      looksWeighted: options.looks.length === 0 ? null : describeWeights(weights),
      falseAlarmsInTimeNotSeen: came,
      falseAlarmsAllowedPerSensorYear: options.falseAlarmsPerSensorYear,
      falseAlarmsAskedForPerSensorYear: falseAlarmsToAskFor,
      falseAlarmsMean:
        options.looks.length === 0
          ? 'all events: without labels, true ones cannot be told from false ones'
          : 'events while no look speaks against health; a defect that no drone has seen yet counts as false',
    },
  };
}

/** Shares memory with the whole. */
function logitsUntil(history: LogitHistory, cut: number): LogitHistory {
  const end = history.observedAt.findIndex((time) => time > cut);
  if (end < 0) return history;
  const { observedAt, logits } = history;
  return { ...history, observedAt: observedAt.subarray(0, end), logits: logits.subarray(0, end) };
}

/**
 * How many times as many false alarms came as were allowed: another season is harder than the one that taught the
 * threshold. One more on either side keeps short histories from saying much; fewer than allowed lowers nothing.
 */
export function excessOf(
  { falseAlarms, sensorYears }: Pick<AlarmMetrics, 'falseAlarms' | 'sensorYears'>,
  allowedPerYear: number,
): number {
  return Math.max(1, (falseAlarms + 1) / (allowedPerYear * sensorYears + 1));
}

/**
 * Without looks, the logit is moved from how common defects were in training to how common they are taken to be; looks
 * count as much as their weather is common.
 */
function calibrate(judged: readonly JudgedLook[], weights: ReadonlyMap<Look, number>): PlattScaling {
  if (judged.length === 0) {
    return {
      slope: 1,
      intercept: Math.log(UNSUPERVISED_PRIOR / (1 - UNSUPERVISED_PRIOR)) - Math.log(INJECTED_ODDS),
    };
  }
  const own = judged.map(({ look }) => weights.get(look) ?? 1);
  // Looks of unequal weight say less than as many equal ones.
  const share = effectiveLooks(own) / own.reduce((sum, weight) => sum + weight, 0);
  return fitPlatt(
    judged.map(({ logit }) => logit),
    judged.map(({ look }) => look.defect),
    own.map((weight) => share * weight),
  );
}

function describeWeights(weights: ReadonlyMap<Look, number>) {
  const own = [...weights.values()];
  return {
    meaning:
      'how much a look counts in the calibration: by how much commoner its weather is than flights in it',
    looks: own.length,
    equalLooks: effectiveLooks(own),
    largest: own.reduce((most, weight) => Math.max(most, weight), 0),
  };
}
