/** The model under test, whole and with parts taken away: the same training and the same forward pass as in service. */
import {
  fitImpedanceAnomaly,
  type AnomalyFit,
} from '../../../../src/catalogue/models/impedance-anomaly/fit-impedance-anomaly.ts';
import type { Look } from '../../../../src/catalogue/models/impedance-anomaly/look-intervals.ts';
import { NO_PEERS, PeerBoard } from '../../../../src/catalogue/models/impedance-anomaly/peer-board.ts';
import { ScoringCore } from '../../../../src/catalogue/models/impedance-anomaly/scoring-core.ts';
import {
  forEachReading,
  type SensorSeries,
} from '../../../../src/catalogue/models/impedance-anomaly/sensor-series.ts';
import type { FusionMethod, MethodScores, Training } from '../method.ts';
import { flipFindings, missDefects } from '../noisy-looks.ts';

/** Allowed to the model's own alarm. */
export const FALSE_ALARMS_PER_SENSOR_YEAR = 0.5;
const WEEK_MS = 7 * 86_400_000;

export const WITHOUT_LABELS = 'ours without labels';

export const ours = method('ours', (training) => training);

/** What each of these is told about training differs; the model and how it is trained do not. */
export const oursInPart: readonly FusionMethod[] = [
  method('ours without weather', (training) => ({
    ...training,
    context: [],
    series: training.series.map(withoutContext),
  })),
  method(WITHOUT_LABELS, (training) => ({ ...training, looks: [] })),
  method('ours with true labels', (training) => ({ ...training, looks: trueLooks(training) })),
  method('ours with detector recall 0.5', (training) => ({
    ...training,
    looks: missDefects(training.looks, 0.5, training.seed),
  })),
  method('ours with 30 % of findings wrong', (training) => ({
    ...training,
    looks: flipFindings(training.looks, 0.3, training.seed),
  })),
];

function method(name: string, told: (training: Training) => Training): FusionMethod {
  return {
    name,
    scoresAre: 'logits',
    async fit(training) {
      const { series, channels, context, looks, lines, seed } = told(training);
      const falseAlarmsPerSensorYear = FALSE_ALARMS_PER_SENSOR_YEAR;
      const fit = await fitImpedanceAnomaly(
        { series, channels, context, looks, sites: lines, seed, falseAlarmsPerSensorYear },
        () => {},
      );
      const seen = (own: SensorSeries) => (context.length === 0 ? withoutContext(own) : own);
      let board = emptyBoard(fit, lines);
      return {
        watch(all) {
          board = emptyBoard(fit, lines);
          for (const own of all) scoreSeries(fit, seen(own), (...standing) => board.put(...standing));
        },
        score: (own) => scoreSeries(fit, seen(own), null, board),
      };
    },
  };
}

function withoutContext(series: SensorSeries): SensorSeries {
  return { ...series, context: [] };
}

function emptyBoard({ model }: AnomalyFit, lines: ReadonlyMap<string, string>): PeerBoard {
  return new PeerBoard(model.stem.shared.length, (sensorId) => lines.get(sensorId) ?? '');
}

/**
 * A tower that training may have seen starts afresh too: its end of training would be the future here.
 *
 * @param publish is told where the sensor stands; @param board with where its peers do
 */
function scoreSeries(
  { model }: AnomalyFit,
  series: SensorSeries,
  publish: ((sensorId: string, slot: number, standing: Float32Array) => void) | null,
  board?: PeerBoard,
): MethodScores {
  const core = new ScoringCore(model);
  const state = new Float32Array(core.stateSize);
  core.initialise(state);
  const { sensorId, observedAt } = series;
  const score = new Float32Array(observedAt.length).fill(NaN);
  const ownAlarm = new Uint8Array(observedAt.length);
  const { slope, intercept } = model.calibration;
  forEachReading(series, (values, context, elapsedHours, at) => {
    core.enterSlot(state, observedAt[at]!, (slot, standing) => {
      if (standing !== null) publish?.(sensorId, slot, standing);
      return board?.reference(sensorId, slot) ?? NO_PEERS;
    });
    const elapsed = elapsedHours ?? model.stem.timescales.intervalHours;
    ownAlarm[at] = core.read(state, elapsed, values, context) ? 1 : 0;
    if (!core.warmingUp(state)) score[at] = slope * core.persistentLogit(state) + intercept;
  });
  return { score, ownAlarm };
}

/** A look a week at every training tower that is never wrong. */
function trueLooks({ series, truth }: Training): Look[] {
  return series.flatMap(({ sensorId, observedAt }) => {
    const looks: Look[] = [];
    for (let at = observedAt[0]! + WEEK_MS; at <= observedAt.at(-1)!; at += WEEK_MS) {
      const present = (truth.get(sensorId) ?? []).find(
        ({ severeAt, repairedAt }) => at >= severeAt && at < repairedAt,
      );
      looks.push({ sensorId, inspectedAt: at, defect: present ? 1 : 0, kind: present?.kind ?? null });
    }
    return looks;
  });
}
