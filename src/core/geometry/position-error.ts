/** How far off a drone's own position may be, by what its receiver says of the fix. */

export interface PositionQuality {
  /** DJI's RtkFlag: 0 none, 16 single, 34 float, 50 fixed (Zenmuse P1 manual); null where there is no RTK. */
  readonly rtkFlag: number | null;
  /** What the receiver thinks of itself, by axis. */
  readonly rtkStdLatitudeMetre: number | null;
  readonly rtkStdLongitudeMetre: number | null;
  /** EXIF GPSHPositioningError. */
  readonly horizontalErrorMetre: number | null;
}

/** Standard deviations by axis of satellite navigation without corrections; consumer receivers show 3 to 5 m. */
const UNCORRECTED_METRE = 4;
const SIGMA_METRE_BY_FLAG: Readonly<Record<number, number>> = { 16: 3, 34: 0.5, 50: 0.03 };

/** No receiver knows better than this where the lens is. */
const LEAST_METRE = 0.02;
const MOST_METRE = 100;

/** @returns the standard deviation of each axis on the ground */
export function positionSigmaMetre(quality: PositionQuality): number {
  const { rtkFlag, rtkStdLatitudeMetre, rtkStdLongitudeMetre, horizontalErrorMetre } = quality;
  const byFlag = SIGMA_METRE_BY_FLAG[rtkFlag ?? 0];
  if (byFlag !== undefined) {
    const told = Math.max(rtkStdLatitudeMetre ?? 0, rtkStdLongitudeMetre ?? 0);
    // A standard deviation below that of its kind of fix is believed only for a fixed one.
    return limited(rtkFlag === 50 && told > 0 ? told : Math.max(told, byFlag));
  }
  return limited(horizontalErrorMetre ?? UNCORRECTED_METRE);
}

function limited(metre: number): number {
  return Math.min(MOST_METRE, Math.max(LEAST_METRE, metre));
}
