/** Fits one method on the training towers and measures it on the others, after the split. */
import { sigmoid } from '../../../src/core/statistics/platt-scaling.ts';
import {
  evaluateScores,
  EVALUATION_DEFAULTS,
  type Evaluation,
} from '../../../src/features/anomalies/evaluation/evaluate-scores.ts';
import type { SensorScores } from '../../../src/features/anomalies/evaluation/sensor-scores.ts';
import { healthAt } from '../../../src/features/anomalies/evaluation/true-defect.ts';
import { applyAlarmRule, chooseThreshold, type LevelHistory } from './alarm-rule.ts';
import { CONTEXT, RAIN, type SplitGrid } from './grid-data.ts';
import type { FusionMethod } from './method.ts';
import { FALSE_ALARMS_PER_SENSOR_YEAR } from './methods/ours.ts';

export interface Judgement {
  readonly method: string;
  readonly seed: number;
  readonly seconds: number;
  /** With the alarm rule that is the same for all methods. */
  readonly common: Evaluation;
  /** With the method's own alarm, where it brings one. */
  readonly own: Evaluation | null;
  /** As `common`, with the same defects under other weather, where the simulator can swap it. */
  readonly swapped: Evaluation | null;
}

export async function judgeMethod(method: FusionMethod, grid: SplitGrid): Promise<Judgement> {
  const begun = performance.now();
  const { training, truth, splitAt } = grid;
  const fitted = await method.fit(training);
  fitted.watch?.(training.series);
  const trained = training.series.map((series): LevelHistory => {
    const defects = truth.get(series.sensorId) ?? [];
    return {
      observedAt: series.observedAt,
      level: applyAlarmRule(series.observedAt, fitted.score(series)).level,
      isHealthy: (time) => healthAt(defects, time) === 'healthy',
    };
  });
  const settings = chooseThreshold(trained, FALSE_ALARMS_PER_SENSOR_YEAR);
  const judge = ({ judged, truth }: Pick<SplitGrid, 'judged' | 'truth'>) => {
    fitted.watch?.(judged);
    const byCommon: SensorScores[] = [];
    const byOwn: SensorScores[] = [];
    for (const series of judged) {
      const { sensorId, observedAt } = series;
      const scores = fitted.score(series);
      const { level, open } = applyAlarmRule(observedAt, scores, settings);
      const score = method.scoresAre === 'logits' ? level.map(sigmoid) : level;
      const context = series.context.map((column) => Float32Array.from(column));
      const common = { sensorId, observedAt, score, context };
      byCommon.push({ ...common, anomalous: open, openings: openingsOf(open) });
      if (scores.ownAlarm === undefined) continue;
      byOwn.push({ ...common, anomalous: scores.ownAlarm, openings: openingsOf(scores.ownAlarm) });
    }
    const evaluate = (sensors: readonly SensorScores[]): Evaluation =>
      evaluateScores(
        { sensors, truth, context: CONTEXT, rainColumn: RAIN, towers: new Map() },
        { ...EVALUATION_DEFAULTS, from: splitAt },
      );
    return { common: evaluate(byCommon), own: byOwn.length === 0 ? null : evaluate(byOwn) };
  };
  const { common, own } = judge(grid);
  return {
    method: method.name,
    seed: training.seed,
    common,
    own,
    swapped: grid.swapped === null ? null : judge(grid.swapped).common,
    seconds: Math.round((performance.now() - begun) / 1000),
  };
}

function openingsOf(open: Uint8Array): Uint32Array {
  const openings: number[] = [];
  for (let at = 0; at < open.length; at++) if (open[at] === 1 && open[at - 1] !== 1) openings.push(at);
  return Uint32Array.from(openings);
}
