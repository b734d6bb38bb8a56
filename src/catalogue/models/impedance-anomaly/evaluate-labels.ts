/** Measures a model on looks and telemetry that did not train it. */
import { averagePrecision } from '../../../core/statistics/average-precision.ts';
import { applyPlatt, type PlattScaling } from '../../../core/statistics/platt-scaling.ts';
import { poissonUpperBound } from '../../../core/statistics/poisson-upper-bound.ts';
import type { AlarmSettings } from './alarm.ts';
import { runAlarm, type LogitHistory } from './fit-alarm.ts';
import { MILLISECONDS_PER_HOUR } from './sensor-series.ts';
import type { Look } from './look-intervals.ts';

const HOURS_PER_YEAR = 8766;

/** What the model, trained without this look's tower, said when the drone looked. */
export interface JudgedLook {
  readonly look: Look;
  readonly logit: number;
  readonly eventOpen: boolean;
}

export interface SensorHistory extends LogitHistory {
  readonly looks: readonly Look[];
}

/** The last reading before each look; a look without one in the last `staleHours` is left out. */
export function judgeLooks(history: SensorHistory, alarm: AlarmSettings, staleHours: number): JudgedLook[] {
  const judged: JudgedLook[] = [];
  const pending = [...history.looks];
  let last: { time: number; logit: number; eventOpen: boolean } | null = null;
  const settle = (until: number) => {
    while (pending[0] !== undefined && pending[0].inspectedAt < until) {
      const look = pending.shift()!;
      if (last === null || look.inspectedAt - last.time > staleHours * MILLISECONDS_PER_HOUR) continue;
      judged.push({ look, logit: last.logit, eventOpen: last.eventOpen });
    }
  };
  runAlarm(history, alarm, (index, logit, eventOpen) => {
    const time = history.observedAt[index]!;
    settle(time);
    last = { time, logit, eventOpen };
  });
  settle(Infinity);
  return judged;
}

export interface LookMetrics {
  readonly looks: number;
  readonly defects: number;
  /** Area under the precision-recall curve; null without a defect. */
  readonly averagePrecision: number | null;
  /** What a score that knows nothing would reach: the share of defects. */
  readonly averagePrecisionOfChance: number | null;
  readonly brier: number | null;
  /** Of always saying the share of defects. */
  readonly brierOfChance: number | null;
  /** Defects that an event was open for when the drone came. */
  readonly defectsWithOpenEvent: number;
}

export function measureLooks(judged: readonly JudgedLook[], calibration: PlattScaling): LookMetrics {
  const truths = judged.map(({ look }) => (look.defect >= 0.5 ? 1 : 0));
  const defects = truths.reduce<number>((sum, truth) => sum + truth, 0);
  const share = defects / judged.length;
  const brier = judged.reduce(
    (sum, { logit }, i) => sum + (applyPlatt(calibration, logit) - truths[i]!) ** 2,
    0,
  );
  return {
    looks: judged.length,
    defects,
    averagePrecision:
      defects === 0
        ? null
        : averagePrecision(
            judged.map(({ logit }) => logit),
            truths,
          ),
    averagePrecisionOfChance: defects === 0 ? null : share,
    brier: judged.length === 0 ? null : brier / judged.length,
    brierOfChance: judged.length === 0 ? null : share * (1 - share),
    defectsWithOpenEvent: judged.filter(({ eventOpen }, i) => eventOpen && truths[i] === 1).length,
  };
}

export interface AlarmMetrics {
  readonly sensorYears: number;
  readonly falseAlarms: number;
  readonly falseAlarmsPerSensorYear: number | null;
  /** One-sided 95 % Poisson bound. */
  readonly upperBoundPerSensorYear: number | null;
}

/** Events that open, after `from`, at times when nothing speaks against health. */
export function measureAlarms(
  histories: readonly LogitHistory[],
  alarm: AlarmSettings,
  from: number,
): AlarmMetrics {
  let falseAlarms = 0;
  let hours = 0;
  for (const history of histories) {
    let wasOpen = false;
    runAlarm(history, alarm, (index, _, open) => {
      const time = history.observedAt[index]!;
      if (time > from && history.isHealthy(time)) {
        hours += index === 0 ? 0 : (time - history.observedAt[index - 1]!) / MILLISECONDS_PER_HOUR;
        if (open && !wasOpen) falseAlarms++;
      }
      wasOpen = open;
    });
  }
  const sensorYears = hours / HOURS_PER_YEAR;
  return {
    sensorYears,
    falseAlarms,
    falseAlarmsPerSensorYear: hours === 0 ? null : falseAlarms / sensorYears,
    upperBoundPerSensorYear: hours === 0 ? null : poissonUpperBound(falseAlarms, 0.95) / sensorYears,
  };
}
