/** Where a camera was, where it looked, how wide, and how well that is known. */

export interface CameraPose {
  readonly latitudeDeg: number;
  readonly longitudeDeg: number;
  /** Standard deviation of the position on the ground, each axis. */
  readonly positionSigmaMetre: number;
  /** Above the point of take-off; null where the camera does not say. */
  readonly relativeAltitudeMetre: number | null;
  /** Direction of the optical axis, clockwise from true north; null where unknown. */
  readonly yawDeg: number | null;
  readonly yawSigmaDeg: number;
  /** Of the optical axis: 0 level, -90 straight down; null where unknown. */
  readonly pitchDeg: number | null;
  readonly view: FieldOfView;
}

/** Full angles. */
export interface FieldOfView {
  readonly horizontalDeg: number;
  readonly verticalDeg: number;
}

/** Half of the diagonal of 36 × 24 mm film, to which a 35 mm equivalent focal length refers. */
const HALF_FILM_DIAGONAL_MM = Math.hypot(36, 24) / 2;

/** Taken for a camera that does not say its focal length: the wide end of what drones carry. */
const USUAL_FOCAL_LENGTH_MM = 24;

/**
 * @param focalLength35Mm 35 mm equivalent; null where the camera does not say
 * @param size of the upright picture, in pixels
 */
export function fieldOfView(
  focalLength35Mm: number | null,
  size: { readonly widthPx: number; readonly heightPx: number },
): FieldOfView {
  const halfDiagonal = HALF_FILM_DIAGONAL_MM / (focalLength35Mm ?? USUAL_FOCAL_LENGTH_MM);
  const diagonalPx = Math.hypot(size.widthPx, size.heightPx);
  const angle = (side: number) => (360 / Math.PI) * Math.atan((halfDiagonal * side) / diagonalPx);
  return { horizontalDeg: angle(size.widthPx), verticalDeg: angle(size.heightPx) };
}
