/** Days of sensors as the cases of a ranking: the mean score of the day, and whether a defect was there. */
import type { SensorScores } from './sensor-scores.ts';
import { healthAt, type TrueDefect } from './true-defect.ts';

export interface SensorDays {
  /** Mean of the day's scores. */
  readonly score: Float32Array;
  /** 1 where a severe defect was there all day, 0 where the sensor was healthy all day; other days are left out. */
  readonly defective: Uint8Array;
  /** Index of the sensor. */
  readonly sensor: Uint32Array;
}

const DAY_MS = 86_400_000;
/** Of a day's usual number of readings; a day with fewer scored ones is left out. */
const LEAST_SHARE = 0.5;

/** Days are those of UTC. */
export function gatherSensorDays(
  sensors: readonly SensorScores[],
  truth: ReadonlyMap<string, readonly TrueDefect[]>,
  from: number,
): SensorDays {
  const score: number[] = [];
  const defective: number[] = [];
  const sensor: number[] = [];
  for (const [index, own] of sensors.entries()) {
    const defects = truth.get(own.sensorId) ?? [];
    const span = (own.observedAt.at(-1) ?? 0) - (own.observedAt[0] ?? 0);
    const usual = span > 0 ? ((own.observedAt.length - 1) * DAY_MS) / span : 1;
    for (let at = 0; at < own.observedAt.length;) {
      const day = Math.floor(own.observedAt[at]! / DAY_MS);
      let [sum, count] = [0, 0];
      const healths = new Set<string>();
      for (; at < own.observedAt.length && Math.floor(own.observedAt[at]! / DAY_MS) === day; at++) {
        if (Number.isNaN(own.score[at]!)) continue;
        sum += own.score[at]!;
        count++;
        healths.add(healthAt(defects, own.observedAt[at]!));
      }
      const isWhole = count > 0 && count >= LEAST_SHARE * usual && healths.size === 1;
      if (!isWhole || healths.has('unjudged') || day * DAY_MS < from) continue;
      score.push(sum / count);
      defective.push(healths.has('defective') ? 1 : 0);
      sensor.push(index);
    }
  }
  return {
    score: Float32Array.from(score),
    defective: Uint8Array.from(defective),
    sensor: Uint32Array.from(sensor),
  };
}
