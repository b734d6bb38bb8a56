/** The earth under a line: what a residual current meets there, which changes as rain wets the soil. */
import { earthReactanceOhmPerMetre, earthResistanceOhmPerMetre } from '../../core/physics/earth-return.ts';
import { FREQUENCY_HERTZ, PHASE_DISTANCE_METRE } from './span-geometry.ts';

const SOIL_OHM_METRE = { dry: 100, wet: 50 };
const DRYING_HOURS = 10 * 24;
/** Rain after which a dry soil is wet to 63 %. */
const WETTING_MILLIMETRE = 25;

export class EarthReturnPath {
  readonly resistanceOhmPerMetre = earthResistanceOhmPerMetre(FREQUENCY_HERTZ);
  reactanceOhmPerMetre = 0;
  /** 0 dry .. 1 wet. */
  private wetness = 0.3;

  step(rainMillimetrePerHour: number, stepHours: number): void {
    const dry = 1 - this.wetness * Math.exp(-stepHours / DRYING_HOURS);
    this.wetness = 1 - dry * Math.exp((-rainMillimetrePerHour * stepHours) / WETTING_MILLIMETRE);
    const soilOhmMetre = SOIL_OHM_METRE.dry + (SOIL_OHM_METRE.wet - SOIL_OHM_METRE.dry) * this.wetness;
    this.reactanceOhmPerMetre = earthReactanceOhmPerMetre(
      PHASE_DISTANCE_METRE,
      soilOhmMetre,
      FREQUENCY_HERTZ,
    );
  }
}
