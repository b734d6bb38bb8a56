/**
 * Leakage current over a string of cap-and-pin discs: a small capacitive current that is always there, and
 * a current through the polluted surface that spans decades as dew, humidity and rain wet it. Rain first
 * wets the pollution and then washes it away.
 */

export interface InsulatorString {
  readonly discs: number;
  readonly phaseToGroundVolt: number;
  readonly frequencyHertz: number;
  readonly discFarad: number;
  /** Form factor: surface resistance of a disc is this divided by its surface conductivity. */
  readonly formFactor: number;
}

/** 230 kV, 14 discs. */
export const string230Kilovolt: InsulatorString = Object.freeze({
  discs: 14,
  phaseToGroundVolt: 230_000 / Math.sqrt(3),
  frequencyHertz: 60,
  discFarad: 40e-12,
  formFactor: 0.7,
});

export interface SurfaceAir {
  readonly humidityPercent: number;
  /** Temperature of the disc's surface above the dew point; dew falls where it is negative. */
  readonly aboveDewPointKelvin: number;
  readonly rainMillimetrePerHour: number;
}

/** Salt in the layer takes up water from the air at about 75 % of relative humidity. */
const DELIQUESCENCE_PERCENT = 75;
const DELIQUESCENCE_WIDTH_PERCENT = 4;
/** Share of full wetness that humid air alone can bring; dew and rain bring the rest. */
const HUMIDITY_SHARE = 0.35;

/** How wet the surface is: 0 dry .. 1 a closed film of water. */
export function surfaceWetness(air: SurfaceAir): number {
  const fromHumidity =
    HUMIDITY_SHARE /
    (1 + Math.exp((DELIQUESCENCE_PERCENT - air.humidityPercent) / DELIQUESCENCE_WIDTH_PERCENT));
  const fromDew = 0.8 / (1 + Math.exp(air.aboveDewPointKelvin / 0.4));
  const fromRain = 1 - Math.exp(-air.rainMillimetrePerHour / 0.5);
  return 1 - (1 - fromHumidity) * (1 - fromDew) * (1 - fromRain);
}

/** Equivalent salt deposit that 50 dry days bring, in mg/cm². */
export const heavyPollutionMilligram = 0.1;
const POLLUTION_GROWTH_HOURS = 50 * 24;
/** Rain weaker than this wets without washing. */
const WASHING_RAIN_MILLIMETRE_PER_HOUR = 0.5;
/** Part of the deposit that a millimetre of washing rain takes along. */
const WASHED_PER_MILLIMETRE = 0.12;
/** What no rain takes away, as part of the heavy deposit. */
const STUBBORN_SHARE = 0.05;

/** @param pollutionMilligram equivalent salt deposit, mg/cm²; @param dustiness 1 for open country */
export function stepPollution(
  pollutionMilligram: number,
  rainMillimetrePerHour: number,
  hours: number,
  dustiness = 1,
): number {
  const grown = pollutionMilligram + (dustiness * heavyPollutionMilligram * hours) / POLLUTION_GROWTH_HOURS;
  const washingRain = Math.max(0, rainMillimetrePerHour - WASHING_RAIN_MILLIMETRE_PER_HOUR) * hours;
  const stubborn = Math.min(grown, STUBBORN_SHARE * heavyPollutionMilligram);
  return stubborn + (grown - stubborn) * Math.exp(-WASHED_PER_MILLIMETRE * washingRain);
}

/** Surface conductivity of a wholly wet layer, per deposit, in microsiemens per mg/cm². */
const MICROSIEMENS_PER_MILLIGRAM = 20;

export function surfaceMicrosiemens(pollutionMilligram: number, wetness: number): number {
  return MICROSIEMENS_PER_MILLIGRAM * pollutionMilligram * wetness;
}

export interface StringDamage {
  /** Discs that carry no voltage any more: broken, bridged by an arc. */
  readonly shortedDiscs: number;
  /** Conductivity of what is left when wholly wet, over that of a sound string: 1 for sound. */
  readonly wetGain: number;
}

export const soundString: StringDamage = Object.freeze({ shortedDiscs: 0, wetGain: 1 });

/** @example leakageMilliampere(string230Kilovolt, 0, 0, soundString) // 0.143, capacitive only */
export function leakageMilliampere(
  string: InsulatorString,
  microsiemens: number,
  wetness: number,
  damage: StringDamage,
): number {
  const soundDiscs = string.discs - damage.shortedDiscs;
  const voltPerDisc = string.phaseToGroundVolt / soundDiscs;
  const capacitive = voltPerDisc * 2 * Math.PI * string.frequencyHertz * string.discFarad;
  const gain = 1 + (damage.wetGain - 1) * wetness;
  const resistive = (voltPerDisc * microsiemens * 1e-6 * gain) / string.formFactor;
  return 1000 * Math.hypot(capacitive, resistive);
}
