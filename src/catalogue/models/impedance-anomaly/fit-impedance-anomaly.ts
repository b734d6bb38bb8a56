/** Trains the model on everything, once it has been measured on what it had not seen. */
import { createRandom } from '../../../core/statistics/random.ts';
import type { AlarmSettings } from './alarm.ts';
import { kindsOf, siteOf, type AnomalyFitOptions } from './anomaly-fit-options.ts';
import { collectResiduals, type SensorResiduals } from './collect-residuals.ts';
import type { SensorHistory } from './evaluate-labels.ts';
import { fitAlarm, runAlarm } from './fit-alarm.ts';
import { fitHead } from './fit-head.ts';
import { fitStem } from './fit-stem.ts';
import type { FittedModel, TrainedSensor } from './fitted-model.ts';
import { measureOnUnseen } from './measure-on-unseen.ts';
import { ScoringCore } from './scoring-core.ts';
import { historyOf } from './sensor-history.ts';
import { sampleShapes } from './sensor-samples.ts';
import { groupLooks } from './shown-defects.ts';

export interface AnomalyFit {
  readonly model: FittedModel;
  readonly sensors: readonly TrainedSensor[];
  readonly metrics: Readonly<Record<string, unknown>>;
}

export type FitReport = (stage: string, share: number) => void;

export async function fitImpedanceAnomaly(
  options: AnomalyFitOptions,
  report: FitReport,
): Promise<AnomalyFit> {
  const random = createRandom(options.seed);
  report('measuring on towers and time not seen', 0);
  const measured = await measureOnUnseen(options, random.fork('measure'), (share) =>
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

/** A head's logits are lower on the healthy towers that taught it than on others: the folds' threshold sees that. */
function strictest(one: AlarmSettings, other: AlarmSettings): AlarmSettings {
  return one.openAbove > other.openAbove ? one : other;
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
