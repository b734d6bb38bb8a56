/** A bare overhead conductor as the heat balance and the resistance see it. */
export interface Conductor {
  readonly name: string;
  readonly diameterMetre: number;
  /** Geometric mean radius: what the internal magnetic field makes of the real radius. */
  readonly geometricMeanRadiusMetre: number;
  readonly resistanceAt25OhmPerMetre: number;
  readonly resistanceAt75OhmPerMetre: number;
  readonly heatCapacityJoulePerMetreKelvin: number;
  /** 0 new and bright .. 1 old and black. */
  readonly emissivity: number;
  readonly solarAbsorptivity: number;
}

/** ACSR 26/7 "Drake" (795 kcmil) at 60 Hz, the worked example of IEEE 738. */
export const drake: Conductor = Object.freeze({
  name: 'Drake',
  diameterMetre: 0.02814,
  geometricMeanRadiusMetre: 0.01137,
  resistanceAt25OhmPerMetre: 7.283e-5,
  resistanceAt75OhmPerMetre: 8.688e-5,
  // 1.116 kg/m of aluminium at 955 J/(kg K) and 0.5119 kg/m of steel at 476 J/(kg K).
  heatCapacityJoulePerMetreKelvin: 1309,
  emissivity: 0.8,
  solarAbsorptivity: 0.8,
});
