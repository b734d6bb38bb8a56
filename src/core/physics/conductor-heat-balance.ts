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
  return (1.458e-6 * (filmCelsius + 273) * Math.sqrt(filmCelsius + 273)) / (filmCelsius + 383.4);
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

/** Cooling by a wind at this angle over that by one straight across: Kangle of IEEE 738. */
function windAcrossness(windAngleDegree: number): number {
  const angle = (windAngleDegree * Math.PI) / 180;
  return 1.194 - Math.cos(angle) + 0.194 * Math.cos(2 * angle) + 0.368 * Math.sin(2 * angle);
}

/** The power 1.25 of the excess is odd, so that a conductor colder than the air takes heat from it. */
function naturalConvection(diameter: number, density: number, excess: number): number {
  const threeQuarters = Math.sqrt(diameter) * Math.sqrt(Math.sqrt(diameter));
  return 3.645 * Math.sqrt(density) * threeQuarters * excess * Math.sqrt(Math.sqrt(Math.abs(excess)));
}

function forcedConvection(reynolds: number, acrossness: number, film: number, excess: number): number {
  const slowWind = 1.01 + 1.35 * reynolds ** 0.52;
  const fastWind = 0.754 * reynolds ** 0.6;
  return acrossness * Math.max(slowWind, fastWind) * airConductivity(film) * excess;
}

function radiation(conductor: Conductor, celsius: number, airCelsius: number): number {
  const hot = ((celsius + 273) / 100) ** 2;
  const cold = ((airCelsius + 273) / 100) ** 2;
  return 17.8 * conductor.diameterMetre * conductor.emissivity * (hot * hot - cold * cold);
}

function rainCooling(conductor: Conductor, air: ConductorSurroundings, excess: number): number {
  const { rainMillimetrePerHour = 0 } = air;
  return RAIN_WATT_PER_SQUARE_METRE_KELVIN * rainMillimetrePerHour * conductor.diameterMetre * excess;
}

function sunHeat(conductor: Conductor, air: ConductorSurroundings): number {
  return conductor.solarAbsorptivity * air.solarWattPerSquareMetre * conductor.diameterMetre;
}

function larger(natural: number, forced: number): number {
  return Math.abs(natural) > Math.abs(forced) ? natural : forced;
}

export function conductorHeat(
  conductor: Conductor,
  conductorCelsius: number,
  air: ConductorSurroundings,
): ConductorHeat {
  const film = (conductorCelsius + air.airCelsius) / 2;
  const excess = conductorCelsius - air.airCelsius;
  const reynolds = windReynolds(conductor, conductorCelsius, air);
  return {
    naturalConvection: naturalConvection(
      conductor.diameterMetre,
      airDensity(film, air.elevationMetre ?? 0),
      excess,
    ),
    forcedConvection: forcedConvection(reynolds, windAcrossness(air.windAngleDegree), film, excess),
    radiation: radiation(conductor, conductorCelsius, air.airCelsius),
    rain: rainCooling(conductor, air, excess),
    sun: sunHeat(conductor, air),
    netLoss: netLoss(conductor, conductorCelsius, air, windAcrossness(air.windAngleDegree)),
  };
}

/** The sum alone, without an object: a year of a grid asks for it a hundred million times. */
function netLoss(
  conductor: Conductor,
  celsius: number,
  air: ConductorSurroundings,
  acrossness: number,
): number {
  const film = (celsius + air.airCelsius) / 2;
  const excess = celsius - air.airCelsius;
  const density = airDensity(film, air.elevationMetre ?? 0);
  const natural = naturalConvection(conductor.diameterMetre, density, excess);
  const reynolds = (conductor.diameterMetre * density * air.windMetrePerSecond) / airViscosity(film);
  const forced = forcedConvection(reynolds, acrossness, film, excess);
  return (
    larger(natural, forced) +
    radiation(conductor, celsius, air.airCelsius) +
    rainCooling(conductor, air, excess) -
    sunHeat(conductor, air)
  );
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
  acrossness: number,
): number {
  const joule = ampere * ampere * conductorResistanceOhmPerMetre(conductor, celsius);
  return joule - netLoss(conductor, celsius, air, acrossness);
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
  const acrossness = windAcrossness(air.windAngleDegree);
  const surplus = heatSurplus(conductor, conductorCelsius, ampere, air, acrossness);
  const surplusWarmer = heatSurplus(conductor, conductorCelsius + probe, ampere, air, acrossness);
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
