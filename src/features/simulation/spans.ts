/** The conductors of one line's spans and what is in series with them, step by step, sound or failing. */
import { drake } from '../../core/physics/conductor.ts';
import { stepConductorCelsius } from '../../core/physics/conductor-heat-balance.ts';
import { conductorResistanceOhmPerMetre } from '../../core/physics/conductor-resistance.ts';
import { growJointOhm, jointResistanceOhm, stepJointOhm } from '../../core/physics/joint-growth.ts';
import { lineReactanceOhmPerMetre } from '../../core/physics/line-reactance.ts';
import { strandDamageOhm } from '../../core/physics/strand-damage.ts';
import type { Random } from '../../core/statistics/random.ts';
import type { EarthReturnPath } from './earth-return-path.ts';
import type { SimulatedTower } from './line.ts';
import type { MeanRevertingBank } from './mean-reverting.ts';
import { isBroken } from './mended-defect.ts';
import type { MendedDefect } from './mended-defect.ts';
import { latentNoise } from './site.ts';
import type { Site } from './site.ts';
import { ELEVATION_METRE, FREQUENCY_HERTZ, PHASE_DISTANCE_METRE } from './span-geometry.ts';
import type { Weather } from './weather.ts';

export interface SpanPlace {
  readonly tower: SimulatedTower;
  readonly site: Site;
  readonly defect: MendedDefect | undefined;
  /** Residual current over phase current: real and imaginary part. */
  readonly residual: readonly [number, number];
  /** For the weather that no station sees. */
  readonly latent: Random;
}

const reactanceOhmPerMetre = lineReactanceOhmPerMetre(drake, PHASE_DISTANCE_METRE, FREQUENCY_HERTZ);

/** Arrays are in the order of the towers and change at every step. */
export class Spans {
  readonly conductorCelsius: Float64Array;
  /** Contact resistance above a sound joint's, at 20 °C; 0 while the joint is sound. */
  readonly jointContactOhm: Float64Array;
  readonly resistanceOhm: Float64Array;
  readonly reactanceOhm: Float64Array;
  private readonly localWind: MeanRevertingBank;
  private readonly air = {
    airCelsius: 0,
    windMetrePerSecond: 0,
    windAngleDegree: 0,
    solarWattPerSquareMetre: 0,
    rainMillimetrePerHour: 0,
    elevationMetre: ELEVATION_METRE,
  };
  private isFirst = true;

  constructor(
    private readonly places: readonly SpanPlace[],
    private readonly bearingDeg: number,
    private readonly stepHours: number,
  ) {
    this.conductorCelsius = new Float64Array(places.length);
    this.jointContactOhm = new Float64Array(places.length);
    this.resistanceOhm = new Float64Array(places.length);
    this.reactanceOhm = new Float64Array(places.length);
    this.localWind = latentNoise(
      'wind',
      places.map((place) => place.latent),
      stepHours,
    );
  }

  /** @param faultGrowth part by which a through-fault makes failing joints grow; 0 where none passes */
  step(
    atMs: number,
    weather: Weather,
    loadAmpere: number,
    faultGrowth: number,
    earth: EarthReturnPath | undefined,
  ): void {
    const { air, conductorCelsius } = this;
    air.airCelsius = weather.airCelsius;
    air.windAngleDegree = acrossDegree(weather.windFromDegree - this.bearingDeg);
    air.solarWattPerSquareMetre = weather.solarWattPerSquareMetre;
    air.rainMillimetrePerHour = weather.rainMillimetrePerHour;
    if (this.isFirst) conductorCelsius.fill(weather.airCelsius + 5);
    this.isFirst = false;
    for (let index = 0; index < this.places.length; index++) {
      const { tower, site, defect, residual } = this.places[index]!;
      const before = conductorCelsius[index]!;
      air.windMetrePerSecond =
        weather.windMetrePerSecond * site.shelter * Math.exp(this.localWind.next(index));
      const celsius = stepConductorCelsius(drake, before, loadAmpere, air, this.stepHours * 3600);
      conductorCelsius[index] = celsius;
      const addedOhm =
        defect === undefined
          ? 0
          : this.stepDefect(index, defect, atMs, loadAmpere, celsius - before, faultGrowth);
      const { spanMetre } = tower;
      this.resistanceOhm[index] = conductorResistanceOhmPerMetre(drake, celsius) * spanMetre + addedOhm;
      this.reactanceOhm[index] = reactanceOhmPerMetre * spanMetre;
      if (earth) this.addEarthReturn(index, spanMetre, residual, earth);
    }
  }

  /** @returns what the defect adds to the span's resistance */
  private stepDefect(
    index: number,
    mended: MendedDefect,
    atMs: number,
    loadAmpere: number,
    changeKelvin: number,
    faultGrowth: number,
  ): number {
    const { defect } = mended;
    const conductorCelsius = this.conductorCelsius[index]!;
    if (!isBroken(mended, atMs)) {
      this.jointContactOhm[index] = 0;
      return 0;
    }
    if (defect.kind === 'broken_strand') return strandDamageOhm(drake, defect.damage, conductorCelsius);
    if (defect.kind !== 'failing_joint') return 0;
    const conditions = { loadAmpere, conductorCelsius, conductorChangeKelvin: changeKelvin };
    const before = this.jointContactOhm[index]!;
    const grown =
      before === 0 ? defect.joint.initialOhm : stepJointOhm(defect.joint, before, conditions, this.stepHours);
    const contactOhm = faultGrowth > 0 ? growJointOhm(defect.joint, grown, faultGrowth) : grown;
    this.jointContactOhm[index] = contactOhm;
    return jointResistanceOhm(contactOhm, conditions);
  }

  /** The voltage that the residual current leaves in the earth looks, over the phase current, like an impedance. */
  private addEarthReturn(
    index: number,
    spanMetre: number,
    [real, imaginary]: readonly [number, number],
    earth: EarthReturnPath,
  ): void {
    const resistance = earth.resistanceOhmPerMetre * spanMetre;
    const reactance = earth.reactanceOhmPerMetre * spanMetre;
    this.resistanceOhm[index]! += real * resistance - imaginary * reactance;
    this.reactanceOhm[index]! += real * reactance + imaginary * resistance;
  }
}

/** Angle between the wind and the conductor, 0..90. */
function acrossDegree(degree: number): number {
  const folded = ((degree % 180) + 180) % 180;
  return folded > 90 ? 180 - folded : folded;
}
