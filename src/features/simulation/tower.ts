/** The true electrical state of one tower and its span, step by step, sound or failing. */
import { drake } from '../../core/physics/conductor.ts';
import { stepConductorCelsius } from '../../core/physics/conductor-heat-balance.ts';
import { conductorResistanceOhmPerMetre } from '../../core/physics/conductor-resistance.ts';
import {
  heavyPollutionMilligram,
  leakageMilliampere,
  soundString,
  stepPollution,
  string230Kilovolt,
  surfaceMicrosiemens,
  surfaceWetness,
} from '../../core/physics/insulator-leakage.ts';
import { jointResistanceOhm, stepJointOhm } from '../../core/physics/joint-growth.ts';
import { lineReactanceOhmPerMetre } from '../../core/physics/line-reactance.ts';
import type { Random } from '../../core/statistics/random.ts';
import type { SimulatedDefect } from './defects.ts';
import type { SimulatedTower } from './line.ts';
import { createMeanReverting } from './mean-reverting.ts';
import type { Weather } from './weather.ts';

export interface TowerState {
  readonly conductorCelsius: number;
  /** Contact resistance above a sound joint's, at 20 °C; 0 while the joint is sound. */
  readonly jointContactOhm: number;
  readonly resistanceOhm: number;
  readonly reactanceOhm: number;
  readonly leakageMilliampere: number;
}

const PHASE_DISTANCE_METRE = 7;
const FREQUENCY_HERTZ = 60;
const ELEVATION_METRE = 550;
const reactanceOhmPerMetre = lineReactanceOhmPerMetre(drake, PHASE_DISTANCE_METRE, FREQUENCY_HERTZ);

/** @returns the tower's state at the next step; call it once a step, in order */
export function createTower(
  tower: SimulatedTower,
  bearingDeg: number,
  defect: SimulatedDefect | undefined,
  random: Random,
  stepHours: number,
): (atMs: number, weather: Weather, loadAmpere: number) => TowerState {
  const noise = (name: string, deviation: number, memoryHours: number) =>
    createMeanReverting(random.fork(name), { deviation, memoryHours }, stepHours);
  const site = random.fork('site');
  const shelter = Math.exp(0.12 * site.normal());
  const dustiness = Math.exp(0.25 * site.normal());
  // What no station reports: wind, dew and dust of the very place.
  const localWind = noise('wind', 0.18, 3);
  const localHumidity = noise('humidity', 1.2, 5);
  const localDew = noise('dew', 0.15, 5);
  const onsetMs = defect ? defect.onsetAt.getTime() : Infinity;

  let conductorCelsius: number | undefined;
  let pollution = heavyPollutionMilligram * (0.2 + 0.3 * site.uniform());
  let jointContactOhm = 0;

  return (atMs, weather, loadAmpere) => {
    const before = conductorCelsius ?? weather.airCelsius + 5;
    conductorCelsius = stepConductorCelsius(
      drake,
      before,
      loadAmpere,
      {
        airCelsius: weather.airCelsius,
        windMetrePerSecond: weather.windMetrePerSecond * shelter * Math.exp(localWind()),
        windAngleDegree: acrossDegree(weather.windFromDegree - bearingDeg),
        solarWattPerSquareMetre: weather.solarWattPerSquareMetre,
        rainMillimetrePerHour: weather.rainMillimetrePerHour,
        elevationMetre: ELEVATION_METRE,
      },
      stepHours * 3600,
    );
    const hasFailed = atMs >= onsetMs;
    let jointOhm = 0;
    if (hasFailed && defect?.kind === 'failing_joint') {
      const conditions = { loadAmpere, conductorCelsius, conductorChangeKelvin: conductorCelsius - before };
      jointContactOhm =
        jointContactOhm === 0
          ? defect.joint.initialOhm
          : stepJointOhm(defect.joint, jointContactOhm, conditions, stepHours);
      jointOhm = jointResistanceOhm(jointContactOhm, conditions);
    }

    pollution = stepPollution(pollution, weather.rainMillimetrePerHour, stepHours, dustiness);
    const wetness = surfaceWetness({
      humidityPercent: Math.min(100, weather.humidityPercent + localHumidity()),
      aboveDewPointKelvin: surfaceCelsius(weather) - weather.dewPointCelsius + localDew(),
      rainMillimetrePerHour: weather.rainMillimetrePerHour,
    });
    const damage = hasFailed && defect?.kind === 'broken_insulator' ? defect.damage : soundString;
    return {
      conductorCelsius,
      jointContactOhm,
      resistanceOhm: conductorResistanceOhmPerMetre(drake, conductorCelsius) * tower.spanMetre + jointOhm,
      reactanceOhm: reactanceOhmPerMetre * tower.spanMetre,
      leakageMilliampere: leakageMilliampere(
        string230Kilovolt,
        surfaceMicrosiemens(pollution, wetness),
        wetness,
        damage,
      ),
    };
  };
}

/** Porcelain under a clear calm night sky falls below the air; the sun warms it above. */
function surfaceCelsius(weather: Weather): number {
  const sky = 2.2 * (1 - weather.cloudCover) * Math.exp(-weather.windMetrePerSecond / 3);
  const isDay = weather.solarWattPerSquareMetre > 20;
  return weather.airCelsius + (isDay ? 0.006 * weather.solarWattPerSquareMetre : -sky);
}

/** Angle between the wind and the conductor, 0..90. */
function acrossDegree(degree: number): number {
  const folded = ((degree % 180) + 180) % 180;
  return folded > 90 ? 180 - folded : folded;
}
