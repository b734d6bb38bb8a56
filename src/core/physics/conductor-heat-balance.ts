/**
 * Temperature of a bare overhead conductor by the heat balance of IEEE 738: what current and sun bring is
 * carried away by wind and radiation. All heat flows are in watt per metre of conductor.
 */
import type { Conductor } from './conductor.ts';
import { conductorResistanceOhmPerMetre } from './conductor-resistance.ts';

export interface ConductorSurroundings {
  readonly airCelsius: number;
  readonly windMetrePerSecond: number;
  /** Between wind and conductor axis: 90 is across, 0 is along. */
  readonly windAngleDegree: number;
  /** On a plane across the sun's rays as the conductor sees it. */
  readonly solarWattPerSquareMetre: number;
  readonly rainMillimetrePerHour?: number;
  readonly elevationMetre?: number;
}

export interface ConductorHeat {
  readonly naturalConvection: number;
  readonly forcedConvection: number;
  readonly radiation: number;
  /** Outside IEEE 738: rain that hits the conductor leaves it at the conductor's temperature. */
  readonly rain: number;
  readonly sun: number;
  /** Everything lost less the sun: what the current must bring to hold this temperature. */
  readonly netLoss: number;
}

/** Rain of 1 mm/h is 1/3600 kg/(m² s) of water at 4186 J/(kg K). */
const RAIN_WATT_PER_SQUARE_METRE_KELVIN = 4186 / 3600;

/** kg/m³ at film temperature. */
export function airDensity(filmCelsius: number, elevationMetre: number): number {
  const atZeroCelsius = 1.293 - 1.525e-4 * elevationMetre + 6.379e-9 * elevationMetre ** 2;
  return atZeroCelsius / (1 + 0.00367 * filmCelsius);
}

/** kg/(m s). */
export function airViscosity(filmCelsius: number): number {
  return (1.458e-6 * (filmCelsius + 273) ** 1.5) / (filmCelsius + 383.4);
}

/** W/(m K). */
export function airConductivity(filmCelsius: number): number {
  return 2.424e-2 + 7.477e-5 * filmCelsius - 4.407e-9 * filmCelsius ** 2;
}

export function windReynolds(conductor: Conductor, celsius: number, air: ConductorSurroundings): number {
  const film = (celsius + air.airCelsius) / 2;
  const density = airDensity(film, air.elevationMetre ?? 0);
  return (conductor.diameterMetre * density * air.windMetrePerSecond) / airViscosity(film);
}

export function conductorHeat(
  conductor: Conductor,
  conductorCelsius: number,
  air: ConductorSurroundings,
): ConductorHeat {
  const film = (conductorCelsius + air.airCelsius) / 2;
  const excess = conductorCelsius - air.airCelsius;
  const { diameterMetre: diameter } = conductor;

  const density = airDensity(film, air.elevationMetre ?? 0);
  // The power of the excess is odd, so that a conductor colder than the air takes heat from it.
  const naturalConvection =
    3.645 * Math.sqrt(density) * diameter ** 0.75 * Math.sign(excess) * Math.abs(excess) ** 1.25;

  const reynolds = windReynolds(conductor, conductorCelsius, air);
  const angle = (air.windAngleDegree * Math.PI) / 180;
  const acrossness = 1.194 - Math.cos(angle) + 0.194 * Math.cos(2 * angle) + 0.368 * Math.sin(2 * angle);
  const slowWind = 1.01 + 1.35 * reynolds ** 0.52;
  const fastWind = 0.754 * reynolds ** 0.6;
  const forcedConvection = acrossness * Math.max(slowWind, fastWind) * airConductivity(film) * excess;

  const hot = ((conductorCelsius + 273) / 100) ** 4;
  const cold = ((air.airCelsius + 273) / 100) ** 4;
  const radiation = 17.8 * diameter * conductor.emissivity * (hot - cold);
  const rain = RAIN_WATT_PER_SQUARE_METRE_KELVIN * (air.rainMillimetrePerHour ?? 0) * diameter * excess;
  const sun = conductor.solarAbsorptivity * air.solarWattPerSquareMetre * diameter;
  const convection =
    Math.abs(naturalConvection) > Math.abs(forcedConvection) ? naturalConvection : forcedConvection;
  return {
    naturalConvection,
    forcedConvection,
    radiation,
    rain,
    sun,
    netLoss: convection + radiation + rain - sun,
  };
}

/** Current that holds this temperature for ever; 0 where the sun alone makes it hotter. */
export function ampacityAmpere(
  conductor: Conductor,
  conductorCelsius: number,
  air: ConductorSurroundings,
): number {
  const loss = conductorHeat(conductor, conductorCelsius, air).netLoss;
  return Math.sqrt(Math.max(0, loss) / conductorResistanceOhmPerMetre(conductor, conductorCelsius));
}

/** Heat that stays in the conductor, in watt per metre: positive while it warms. */
function heatSurplus(
  conductor: Conductor,
  celsius: number,
  ampere: number,
  air: ConductorSurroundings,
): number {
  const joule = ampere * ampere * conductorResistanceOhmPerMetre(conductor, celsius);
  return joule - conductorHeat(conductor, celsius, air).netLoss;
}

/**
 * Temperature after a time under constant current and surroundings (first order, time constant 5 to 20 min).
 * The balance is linearised about the present temperature and that linear equation solved exactly, so any step
 * length is stable; one step of 10 min errs by well under 0.5 K in weather that a line sees.
 */
export function stepConductorCelsius(
  conductor: Conductor,
  conductorCelsius: number,
  ampere: number,
  air: ConductorSurroundings,
  seconds: number,
): number {
  const probe = 0.5;
  const surplus = heatSurplus(conductor, conductorCelsius, ampere, air);
  const surplusWarmer = heatSurplus(conductor, conductorCelsius + probe, ampere, air);
  const wattPerKelvin = Math.max(1e-3, (surplus - surplusWarmer) / probe);
  const settled = 1 - Math.exp((-seconds * wattPerKelvin) / conductor.heatCapacityJoulePerMetreKelvin);
  return conductorCelsius + (surplus / wattPerKelvin) * settled;
}

/** Temperature at which the conductor settles under this current. */
export function steadyConductorCelsius(
  conductor: Conductor,
  ampere: number,
  air: ConductorSurroundings,
): number {
  let celsius = air.airCelsius + 1;
  // Newton's method: an endless time step is exactly one iteration of it.
  for (let iteration = 0; iteration < 50; iteration++) {
    const next = stepConductorCelsius(conductor, celsius, ampere, air, Number.MAX_VALUE);
    if (Math.abs(next - celsius) < 1e-6) return next;
    celsius = next;
  }
  return celsius;
}
