/** Weather of a region and of the lines in it, step by step: seasons, days, fronts, showers, wind and dew. */
import {
  dayOfYear,
  sineSolarElevation,
  solarHour,
  solarWattPerSquareMetre,
} from '../../core/physics/solar-position.ts';
import type { Random } from '../../core/statistics/random.ts';
import { createMeanReverting } from './mean-reverting.ts';
import { createSpells } from './spells.ts';

export interface Weather {
  readonly airCelsius: number;
  readonly dewPointCelsius: number;
  readonly humidityPercent: number;
  readonly rainMillimetrePerHour: number;
  readonly windMetrePerSecond: number;
  /** No station of the grid reports the direction: what it does to the conductor stays unexplained. */
  readonly windFromDegree: number;
  /** 0 clear .. 1 overcast. */
  readonly cloudCover: number;
  readonly solarWattPerSquareMetre: number;
}

export interface Place {
  readonly latitudeDeg: number;
  readonly longitudeDeg: number;
}

/** Continental climate of the middle latitudes. */
const CLIMATE = {
  yearMeanCelsius: 13,
  seasonKelvin: 13.5,
  coldestDay: 20,
  dayKelvin: 6.5,
  warmestSolarHour: 15,
  meanWindMetrePerSecond: 3.4,
  prevailingWindFromDegree: 200,
};
const STEADY_HOURS_AFTER_FRONT = 40;

/** @returns the region's weather at the next step; call it once a step, in order */
export function createRegionalWeather(
  random: Random,
  place: Place,
  stepHours: number,
): (atMs: number) => Weather {
  const noise = (name: string, deviation: number, memoryHours: number) =>
    createMeanReverting(random.fork(name), { deviation, memoryHours }, stepHours);
  const airMass = noise('air-mass', 4, 60);
  const moisture = noise('moisture', 2, 50);
  const cloudiness = noise('cloud', 0.32, 9);
  const logWind = noise('wind', 0.42, 9);
  const gust = noise('gust', 0.15, 0.3);
  const direction = noise('direction', 55, 14);
  const rainfall = noise('rainfall', 0.5, 0.6);
  const fronts = createSpells(random.fork('fronts'), { everyHours: 95, lengthHours: 6 }, stepHours);
  const showers = createSpells(random.fork('showers'), { everyHours: 16, lengthHours: 0.8 }, stepHours);
  let coldAirKelvin = 0;

  return (atMs) => {
    const hour = solarHour(atMs, place.longitudeDeg);
    const seasonPhase = (2 * Math.PI * (dayOfYear(atMs) - CLIMATE.coldestDay)) / 365;
    const seasonCelsius = CLIMATE.yearMeanCelsius - CLIMATE.seasonKelvin * Math.cos(seasonPhase);
    const dayPhase = Math.cos((2 * Math.PI * (hour - CLIMATE.warmestSolarHour)) / 24);

    const front = fronts();
    const passing = front
      ? Math.sin((Math.PI * (front.ageHours + stepHours / 2)) / (front.lengthHours + stepHours))
      : 0;
    if (front?.begins) coldAirKelvin += 2 + 7 * front.strength;
    coldAirKelvin *= Math.exp(-stepHours / STEADY_HOURS_AFTER_FRONT);

    const airMassKelvin = airMass();
    const shower = showers();
    const showerIsOn = shower !== undefined && dayPhase > 0.2 && seasonCelsius > 15 && shower.strength > 0.5;
    const cloudCover = clamp(0.42 + cloudiness() + 0.7 * passing + (showerIsOn ? 0.4 : 0), 0, 1);
    const unevenness = Math.exp(rainfall());
    const frontRain = front ? Math.max(0, (0.8 + 3.5 * front.strength) * passing * unevenness - 0.4) : 0;
    const rainMillimetrePerHour = frontRain + (showerIsOn ? 9 * (shower.strength - 0.4) * unevenness : 0);

    const clearDayKelvin = CLIMATE.dayKelvin * (1 - 0.6 * cloudCover) * dayPhase;
    const airCelsius =
      seasonCelsius +
      airMassKelvin +
      2.5 -
      coldAirKelvin +
      clearDayKelvin -
      Math.min(3, rainMillimetrePerHour);
    const dryDewPoint = seasonCelsius - 5.5 + 0.7 * airMassKelvin + moisture() - 0.8 * coldAirKelvin;
    const wetDewPoint = airCelsius - 0.7;
    const rainIsOn = Math.min(1, rainMillimetrePerHour);
    const dewPointCelsius = Math.min(
      airCelsius - 0.1,
      Math.max(dryDewPoint, rainIsOn * wetDewPoint + (1 - rainIsOn) * dryDewPoint),
    );

    const windMetrePerSecond =
      CLIMATE.meanWindMetrePerSecond *
      Math.exp(logWind() + gust()) *
      (1 + 0.25 * dayPhase) *
      (1 + 0.8 * passing);
    return {
      airCelsius,
      dewPointCelsius,
      humidityPercent: relativeHumidity(airCelsius, dewPointCelsius),
      rainMillimetrePerHour,
      windMetrePerSecond,
      windFromDegree: CLIMATE.prevailingWindFromDegree + direction() + 60 * passing,
      cloudCover,
      solarWattPerSquareMetre: solarWattPerSquareMetre(
        sineSolarElevation(atMs, place.latitudeDeg, place.longitudeDeg),
        cloudCover,
      ),
    };
  };
}

/** @returns what of the region's weather reaches a line some kilometres away at the same step */
export function createLineWeather(random: Random, stepHours: number): (region: Weather) => Weather {
  const noise = (name: string, deviation: number, memoryHours: number) =>
    createMeanReverting(random.fork(name), { deviation, memoryHours }, stepHours);
  const offsetKelvin = 0.4 * random.fork('offset').normal();
  const air = noise('air', 0.4, 6);
  const dew = noise('dew', 0.4, 6);
  const rain = noise('rain', 0.4, 1);
  const wind = noise('wind', 0.15, 2);
  const sun = noise('sun', 0.08, 0.7);
  return (region) => {
    const airCelsius = region.airCelsius + offsetKelvin + air();
    const dewPointCelsius = Math.min(airCelsius - 0.1, region.dewPointCelsius + offsetKelvin + dew());
    return {
      airCelsius,
      dewPointCelsius,
      humidityPercent: relativeHumidity(airCelsius, dewPointCelsius),
      rainMillimetrePerHour: region.rainMillimetrePerHour * Math.exp(rain()),
      windMetrePerSecond: region.windMetrePerSecond * Math.exp(wind()),
      windFromDegree: region.windFromDegree,
      cloudCover: region.cloudCover,
      solarWattPerSquareMetre: region.solarWattPerSquareMetre * Math.exp(sun()),
    };
  };
}

/** Magnus formula over water. */
function relativeHumidity(airCelsius: number, dewPointCelsius: number): number {
  const pressure = (celsius: number) => Math.exp((17.62 * celsius) / (243.12 + celsius));
  return clamp((100 * pressure(dewPointCelsius)) / pressure(airCelsius), 0, 100);
}

function clamp(value: number, lowest: number, highest: number): number {
  return Math.min(highest, Math.max(lowest, value));
}
