/** What cheap instruments make of the truth: wrong by gain, phase, drift, noise and steps, at times stuck or silent. */
import type { Random } from '../../core/statistics/random.ts';
import { createMeanReverting } from './mean-reverting.ts';
import { createSpells } from './spells.ts';
import type { TowerState } from './tower.ts';
import type { Weather } from './weather.ts';

/** A quantity that was not measured is null. */
export interface ImpedanceQuantities {
  readonly resistanceOhm: number | null;
  readonly reactanceOhm: number | null;
  readonly leakageMilliampere: number | null;
  readonly loadAmpere: number | null;
}

export interface WeatherQuantities {
  readonly airCelsius: number | null;
  readonly humidityPercent: number | null;
  readonly rainMillimetrePerHour: number | null;
  readonly windMetrePerSecond: number | null;
  readonly solarWattPerSquareMetre: number | null;
}

const DEGREE = Math.PI / 180;
/** The noise of current and phase is that of the analogue input: in relation it falls as the current rises. */
const NOISE_REFERENCE_AMPERE = 430;

/** @returns what the sensor reports at the next step */
export function createImpedanceInstrument(
  random: Random,
  stepHours: number,
): (truth: TowerState, loadAmpere: number) => ImpedanceQuantities {
  const made = random.fork('made');
  const gain = 1 + 0.005 * made.normal();
  const leakageGain = 1 + 0.03 * made.normal();
  const currentGain = 1 + 0.005 * made.normal();
  // 0.1° of phase between voltage and current is 1.2 % of the resistance.
  const phaseDegree = 0.08 * made.normal();
  const phaseDrift = createMeanReverting(
    random.fork('drift'),
    { deviation: 0.015, memoryHours: 40 * 24 },
    stepHours,
  );
  const noise = random.fork('noise');
  const fault = createFault<ImpedanceQuantities>(random.fork('fault'), stepHours);
  return (truth, loadAmpere) => {
    const phase = (phaseDegree + phaseDrift()) * DEGREE;
    const weakness = NOISE_REFERENCE_AMPERE / loadAmpere;
    const { resistanceOhm: resistance, reactanceOhm: reactance } = truth;
    return fault({
      resistanceOhm: toDecimals(
        gain *
          (resistance * Math.cos(phase) + reactance * Math.sin(phase)) *
          (1 + 0.003 * weakness * noise.normal()),
        5,
      ),
      reactanceOhm: toDecimals(
        gain *
          (reactance * Math.cos(phase) - resistance * Math.sin(phase)) *
          (1 + 0.001 * weakness * noise.normal()),
        4,
      ),
      leakageMilliampere: toDecimals(
        Math.max(
          0,
          truth.leakageMilliampere * leakageGain * (1 + 0.02 * noise.normal()) + 0.002 * noise.normal(),
        ),
        3,
      ),
      loadAmpere: toDecimals(loadAmpere * currentGain * (1 + 0.003 * noise.normal()), 0),
    });
  };
}

/** @returns what the station reports at the next step */
export function createWeatherInstrument(
  random: Random,
  stepHours: number,
): (truth: Weather) => WeatherQuantities {
  const made = random.fork('made');
  const airOffset = 0.2 * made.normal();
  const humidityOffset = made.normal();
  const windGain = 1 + 0.05 * made.normal();
  const solarGain = 1 + 0.02 * made.normal();
  const noise = random.fork('noise');
  const fault = createFault<WeatherQuantities>(random.fork('fault'), stepHours);
  return (truth) =>
    fault({
      airCelsius: toDecimals(truth.airCelsius + airOffset + 0.1 * noise.normal(), 1),
      humidityPercent: toDecimals(
        Math.min(100, Math.max(0, truth.humidityPercent + humidityOffset + 0.8 * noise.normal())),
        0,
      ),
      // The tipping bucket turns over at every 0.2 mm/h.
      rainMillimetrePerHour: toDecimals(
        Math.round(truth.rainMillimetrePerHour * (1 + 0.05 * noise.normal()) * 5) / 5,
        1,
      ),
      windMetrePerSecond: toDecimals(
        Math.max(0, truth.windMetrePerSecond * windGain + 0.1 * noise.normal()),
        1,
      ),
      solarWattPerSquareMetre: toDecimals(
        truth.solarWattPerSquareMetre * solarGain * (1 + 0.01 * noise.normal()),
        0,
      ),
    });
}

/** Chance that a single quantity of a single reading is missing. */
const MISSING_SHARE = 0.001;

/** @returns passes measured values on, save where the sensor is silent, stuck on its last values, or lacks one */
function createFault<Quantities extends { readonly [Name in keyof Quantities]: number | null }>(
  random: Random,
  stepHours: number,
): (measured: Quantities) => Quantities {
  const silences = createSpells(random.fork('silence'), { everyHours: 15 * 24, lengthHours: 1.5 }, stepHours);
  const freezes = createSpells(random.fork('stuck'), { everyHours: 90 * 24, lengthHours: 4 }, stepHours);
  const gaps = random.fork('gaps');
  let last: Quantities | undefined;
  return (measured) => {
    const isSilent = silences() !== undefined;
    const isStuck = freezes() !== undefined;
    if (!isStuck || last === undefined) last = measured;
    const sent = Object.entries(last).map(([name, value]) => {
      const isMissing = gaps.uniform() < MISSING_SHARE;
      return [name, isSilent || isMissing ? null : value] as const;
    });
    return Object.fromEntries(sent) as Quantities;
  };
}

function toDecimals(value: number, decimals: number): number {
  const scale = 10 ** decimals;
  return Math.round(value * scale) / scale;
}
