/** How far the clock of a sensor is off: it runs fast or slow, and the network sets it once a month. */
import type { Random } from '../../core/statistics/random.ts';
import type { SimulationProfile } from './profile.ts';

const SETTING_MS = 30 * 86_400_000;
/** Under half a step of ten minutes, so that the readings of a sensor stay in order whatever its clock does. */
const MOST_SECOND = 240;

/** @returns seconds by which the clock is ahead, whole ones: devices send no more */
export function createSensorClock(
  random: Random,
  { offsetSecond, ratePartsPerMillion }: SimulationProfile['clock'],
): (atMs: number) => number {
  const offset = offsetSecond * random.normal();
  const secondPerMs = (ratePartsPerMillion * random.normal()) / 1e9;
  // Not all are set on one day.
  const phaseMs = SETTING_MS * random.uniform();
  return (atMs) => {
    const sinceSettingMs = (atMs + phaseMs) % SETTING_MS;
    const ahead = Math.round(offset + secondPerMs * sinceSettingMs);
    return Math.min(MOST_SECOND, Math.max(-MOST_SECOND, ahead));
  };
}
