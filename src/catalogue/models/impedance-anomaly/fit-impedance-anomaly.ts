/**
 * Trains the model and measures it: towers in four folds, so that no look judges a model that learned from
 * that tower's looks, and the last fifth of the time, which the measured stem has not seen.
 */
import { createRandom, type Random } from '../../../core/statistics/random.ts';
import { fitPlatt, type PlattScaling } from '../../../core/statistics/platt-scaling.ts';
import { collectResiduals, forEachShape, type SensorResiduals } from './collect-residuals.ts';
import {
  judgeLooks,
  measureAlarms,
  measureLooks,
  type AlarmMetrics,
  type JudgedLook,
  type SensorHistory,
} from './evaluate-labels.ts';
import type { AlarmSettings } from './alarm.ts';
import { fitAlarm, runAlarm } from './fit-alarm.ts';
import { fitHead } from './fit-head.ts';
import { fitStem } from './fit-stem.ts';
import type { FittedModel, TrainedSensor } from './fitted-model.ts';
import { Head, MARKS_PER_CHANNEL, writeHeadInputs, writeMarks, type FittedHead } from './head.ts';
import type { Look } from './look-intervals.ts';
import { ResidualShape } from './residual-shape.ts';
import { sampleShapes, samplesUntil, type SensorSamples } from './sensor-samples.ts';
import { groupLooks, healthyTimes, type SensorLooks } from './shown-defects.ts';
import { ScoringCore } from './scoring-core.ts';
import type { Column, SensorSeries } from './sensor-series.ts';
import type { StemParameters } from './stem.ts';
import { longestStepHours } from './timescales.ts';

export interface AnomalyFitOptions {
  readonly series: readonly SensorSeries[];
  readonly channels: readonly string[];
  readonly context: readonly string[];
  /** Empty for unsupervised training. */
  readonly looks: readonly Look[];
  /** Site of each sensor: those of one site share weather. A sensor that is not there is of the site ''. */
  readonly sites?: ReadonlyMap<string, string>;
  readonly seed: number;
  readonly falseAlarmsPerSensorYear: number;
}

export interface AnomalyFit {
  readonly model: FittedModel;
  readonly sensors: readonly TrainedSensor[];
  readonly metrics: Readonly<Record<string, unknown>>;
}

export type FitReport = (stage: string, share: number) => void;

const FOLDS = 4;
/** This part of the time trains the measured model; what comes later only measures it. */
const TRAINED_PART = 0.8;
/** Without labels: how common a defect is taken to be, and how common it was among what the head learned from. */
const [UNSUPERVISED_PRIOR, INJECTED_ODDS] = [0.01, 0.5];

export async function fitImpedanceAnomaly(
  options: AnomalyFitOptions,
  report: FitReport,
): Promise<AnomalyFit> {
  const random = createRandom(options.seed);
  report('measuring on towers and time not seen', 0);
  const measured = await measure(options, random.fork('measure'), (share) =>
    report('measuring on towers and time not seen', share),
  );
  report('training on all', 0);
  const fittedStem = await fitStem(
    options.series,
    options.channels,
    options.context,
    random.fork('stem'),
    (share) => report('training on all', share / 2),
  );
  const { stem, sensors: residuals } = collectResiduals(
    options.series,
    fittedStem,
    siteOf(options),
    Infinity,
  );
  const samples = residuals.map((sensor) => sampleShapes(sensor, stem));
  const looks = groupLooks(options.looks, Infinity);
  const named = kindsOf(options.looks);
  const head = await fitHead({ stem, kinds: named, looks, until: Infinity, samples }, random.fork('head'));
  // A head that had too little to learn from tells no kinds apart.
  const kinds = head.outputBias.length > 1 ? named : [];
  report('training on all', 0.9);
  const histories = samples.map((own) => historyOf(own, stem, head, looks.get(own.sensor.sensorId)));
  const inSample = fitAlarm(histories, stem.timescales, measured.falseAlarmsToAskFor);
  const alarm = strictest(inSample, measured.alarm);
  const calibration = measured.calibration;
  const { falseAlarmsPerSensorYear } = options;
  const model = { stem, head, kinds, calibration, alarm, falseAlarmsPerSensorYear };
  report('training on all', 1);
  return {
    model,
    sensors: finalStates(model, residuals, histories, siteOf(options)),
    metrics: measured.metrics,
  };
}

function siteOf({ sites }: AnomalyFitOptions): (sensorId: string) => string {
  return (sensorId) => sites?.get(sensorId) ?? '';
}

function kindsOf(looks: readonly Look[]): string[] {
  const kinds = new Set(looks.filter(({ defect }) => defect >= 0.5).flatMap(({ kind }) => kind ?? []));
  return [...kinds].sort();
}

/** A head's logits are lower on the healthy towers that taught it than on others: the folds' threshold sees that. */
function strictest(one: AlarmSettings, other: AlarmSettings): AlarmSettings {
  return one.openAbove > other.openAbove ? one : other;
}

interface Measured {
  readonly alarm: AlarmSettings;
  /** Per sensor-year: fewer than are allowed, where more came in time not seen than had been asked for. */
  readonly falseAlarmsToAskFor: number;
  readonly calibration: PlattScaling;
  readonly metrics: Readonly<Record<string, unknown>>;
}

async function measure(
  options: AnomalyFitOptions,
  random: Random,
  report: (share: number) => void,
): Promise<Measured> {
  const ends = options.series.flatMap(({ observedAt }) => [observedAt[0]!, observedAt.at(-1)!]);
  const [start, end] = [Math.min(...ends), Math.max(...ends)];
  const cut = start + TRAINED_PART * (end - start);
  const early = options.series
    .map((series) => before(series, cut))
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
  const folds = assignFolds(residuals, looks, random.fork('folds'));
  const histories: SensorHistory[] = [];
  for (let fold = 0; fold < folds.count; fold++) {
    const isOut = (sensorId: string) => folds.count > 1 && folds.of.get(sensorId) === fold;
    const head = await fitHead(
      {
        stem,
        kinds,
        until: cut,
        samples: taught.filter(({ sensor }) => !isOut(sensor.sensorId)),
        looks: new Map([...looks].filter(([sensorId]) => !isOut(sensorId))),
      },
      random.fork(`fold ${fold}`),
    );
    for (const own of samples) {
      const { sensorId } = own.sensor;
      if (folds.of.get(sensorId) === fold) histories.push(historyOf(own, stem, head, allLooks.get(sensorId)));
    }
    report(0.3 + (0.7 * (fold + 1)) / folds.count);
  }
  const earlyHistories = histories.map((history) => ({
    ...history,
    isHealthy: (time: number) => time <= cut && history.isHealthy(time),
  }));
  const alarm = fitAlarm(earlyHistories, stem.timescales, options.falseAlarmsPerSensorYear);
  const judged = histories.flatMap((history) =>
    judgeLooks(history, alarm, 2 * stem.timescales.horizonsHours[1]),
  );
  const came = measureAlarms(histories, alarm, cut);
  const falseAlarmsToAskFor =
    options.falseAlarmsPerSensorYear / excessOf(came, options.falseAlarmsPerSensorYear);
  const earlier = judged.filter(({ look }) => look.inspectedAt <= cut);
  const later = judged.filter(({ look }) => look.inspectedAt > cut);
  const atCut = calibrate(earlier);
  return {
    alarm: fitAlarm(histories, stem.timescales, falseAlarmsToAskFor),
    falseAlarmsToAskFor,
    calibration: calibrate(judged),
    metrics: {
      measuredOn:
        folds.count > 1
          ? `models that had not learned from the looks of the tower they judge (${folds.count} folds of towers), nor from anything after ${new Date(cut).toISOString()}`
          : `telemetry after ${new Date(cut).toISOString()}, which training had not seen; too few labelled towers to hold any out`,
      towersNotSeen: options.looks.length === 0 ? null : measureLooks(earlier, atCut),
      towersAndTimeNotSeen: options.looks.length === 0 ? null : measureLooks(later, atCut),
      falseAlarmsInTimeNotSeen: came,
      falseAlarmsAllowedPerSensorYear: options.falseAlarmsPerSensorYear,
      falseAlarmsMean:
        options.looks.length === 0
          ? 'all events: without labels, true ones cannot be told from false ones'
          : 'events while no look speaks against health; a defect that no drone has seen yet counts as false',
    },
  };
}

/**
 * How many times as many false alarms came as were allowed: another season is harder than the one that taught the
 * threshold. One more on either side keeps short histories from saying much; fewer than allowed lowers nothing.
 */
function excessOf({ falseAlarms, sensorYears }: AlarmMetrics, allowedPerYear: number): number {
  return Math.max(1, (falseAlarms + 1) / (allowedPerYear * sensorYears + 1));
}

/** Without looks, the logit is moved from how common defects were in training to how common they are taken to be. */
function calibrate(judged: readonly JudgedLook[]): PlattScaling {
  if (judged.length === 0) {
    return {
      slope: 1,
      intercept: Math.log(UNSUPERVISED_PRIOR / (1 - UNSUPERVISED_PRIOR)) - Math.log(INJECTED_ODDS),
    };
  }
  return fitPlatt(
    judged.map(({ logit }) => logit),
    judged.map(({ look }) => look.defect),
  );
}

function before(series: SensorSeries, cut: number): SensorSeries {
  const end = series.observedAt.findIndex((time) => time > cut);
  const take = <Values extends Column>(column: Values) =>
    (end < 0 ? column : column.subarray(0, end)) as Values;
  return {
    sensorId: series.sensorId,
    observedAt: take(series.observedAt),
    channels: series.channels.map((column) => take(column)),
    context: series.context.map((column) => take(column)),
  };
}

/** Sensors with defects are dealt out first, so that every fold has its share of them. */
function assignFolds(
  sensors: readonly SensorResiduals[],
  looks: ReadonlyMap<string, SensorLooks>,
  random: Random,
) {
  const labelled = looks.size;
  const count = labelled >= FOLDS ? FOLDS : 1;
  const ranked = sensors.map(({ sensorId }) => {
    const defective = looks.get(sensorId)?.intervals.some(({ belief }) => belief !== 'healthy') ?? false;
    return { sensorId, rank: (defective ? 0 : 1) + random.uniform() };
  });
  ranked.sort((left, right) => left.rank - right.rank);
  return { count, of: new Map(ranked.map(({ sensorId }, at) => [sensorId, at % count])) };
}

function historyOf(
  samples: SensorSamples,
  stem: StemParameters,
  weights: FittedHead,
  looks: SensorLooks | undefined,
): SensorHistory {
  const { sensor } = samples;
  const head = new Head(weights);
  const shape = new ResidualShape(stem.channels.length, stem.context.length, stem.timescales);
  const inputs = new Float32Array(head.inputs);
  const marks = new Float32Array(stem.channels.length * MARKS_PER_CHANNEL);
  const outputs = new Float64Array(head.outputs);
  const logits = new Float32Array(sensor.observedAt.length).fill(NaN);
  forEachShape(sensor, stem, shape, { from: 0, to: logits.length }, 1, (embedding, index) => {
    if (index < sensor.readyFrom) return;
    writeMarks(embedding, stem.channels.length, marks);
    writeHeadInputs(embedding, marks, weights.directions, inputs);
    head.forward(inputs, outputs);
    logits[index] = outputs[0]!;
  });
  return {
    observedAt: sensor.observedAt,
    longestStepHours: longestStepHours(stem.timescales),
    logits,
    looks: looks?.looks ?? [],
    isHealthy: healthyTimes(samples, stem, looks),
  };
}

/** An event that is open when training ends is opened again by the first reading that is scored. */
function finalStates(
  model: FittedModel,
  residuals: readonly SensorResiduals[],
  histories: readonly SensorHistory[],
  site: (sensorId: string) => string,
): TrainedSensor[] {
  const core = new ScoringCore(model);
  return residuals.map((sensor, at) => {
    const state = new Float32Array(core.stateSize);
    core.initialise(state);
    state.set(sensor.finalState);
    runAlarm(histories[at]!, model.alarm, (_, level) => core.setPersistentLogit(state, level));
    const { sensorId } = sensor;
    const lastObservedAt = sensor.observedAt.at(-1)!;
    core.enterSlot(state, lastObservedAt, (slot) => sensor.board.reference(sensorId, slot));
    return { sensorId, site: site(sensorId), lastObservedAt, state };
  });
}
