/** What the station of one line makes of its weather: offsets, noise, rounding, and the faults of any sensor. */
import type { Random } from '../../core/statistics/random.ts';
import { InstrumentFaults } from './instrument-fault.ts';
import type { Weather } from './weather.ts';

/** A quantity that was not measured is null. */
export interface WeatherQuantities {
  readonly airCelsius: number | null;
  readonly humidityPercent: number | null;
  readonly rainMillimetrePerHour: number | null;
  readonly windMetrePerSecond: number | null;
  readonly solarWattPerSquareMetre: number | null;
}

/** In the order in which stations send them; decimals are how finely. */
export const WEATHER_QUANTITIES = [
  { name: 'airCelsius', column: 'air_celsius', decimals: 1 },
  { name: 'humidityPercent', column: 'humidity_percent', decimals: 0 },
  { name: 'rainMillimetrePerHour', column: 'rain_millimetre_per_hour', decimals: 1 },
  { name: 'windMetrePerSecond', column: 'wind_metre_per_second', decimals: 1 },
  { name: 'solarWattPerSquareMetre', column: 'solar_watt_per_square_metre', decimals: 0 },
] as const;

type Measured = { -readonly [Name in keyof WeatherQuantities]: number };

/** @returns what the station reports at the next step; its clock is the network's */
export function createWeatherStation(
  random: Random,
  stepHours: number,
): (truth: Weather) => WeatherQuantities {
  const made = random.fork('made');
  const airOffset = 0.2 * made.normal();
  const humidityOffset = made.normal();
  const windGain = 1 + 0.05 * made.normal();
  const solarGain = 1 + 0.02 * made.normal();
  const noise = random.fork('noise');
  const faults = new InstrumentFaults([random.fork('fault')], stepHours);
  const measure = (truth: Weather): Measured => ({
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
  let last: Measured;
  return (truth) => {
    const measured = measure(truth);
    if (faults.next(0)) last = measured;
    const sent = (value: number) => (faults.isLost(0) ? null : value);
    return {
      airCelsius: sent(last.airCelsius),
      humidityPercent: sent(last.humidityPercent),
      rainMillimetrePerHour: sent(last.rainMillimetrePerHour),
      windMetrePerSecond: sent(last.windMetrePerSecond),
      solarWattPerSquareMetre: sent(last.solarWattPerSquareMetre),
    };
  };
}

function toDecimals(value: number, decimals: number): number {
  const scale = 10 ** decimals;
  return Math.round(value * scale) / scale;
}
