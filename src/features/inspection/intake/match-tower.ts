/** The tower that a photograph shows, where its camera says enough; where several could be it, a person decides. */
import { FARTHEST_METRE, weighTowers } from '../../../core/geometry/tower-match.ts';
import { fieldOfView, type CameraPose } from '../../../core/geometry/camera-pose.ts';
import { viewOfTower, type TowerView } from '../../../core/geometry/view-of-tower.ts';
import { distanceMetre } from '../../../core/domain/geodesy.ts';
import type { AssetRepository } from '../../../platform/storage/asset-repository.ts';
import type { ImageRow } from '../../../platform/storage/image-repository.ts';
import type { MatchCandidate, TowerMatch } from '../../../core/domain/image-match.ts';

/** What is needed of a photograph: as it came from the file, or from the database. */
export interface MatchablePhotograph {
  readonly latitudeDeg: number | null;
  readonly longitudeDeg: number | null;
  readonly positionSigmaMetre: number | null;
  readonly relativeAltitudeMetre: number | null;
  readonly yawDeg: number | null;
  readonly yawSigmaDeg: number | null;
  readonly pitchDeg: number | null;
  readonly focalLength35Mm: number | null;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** By how much the likeliest tower must lead before the next, and before no tower at all: as 0.9 does before 0.1. */
const MARGIN = 0.8;
/** What a person is shown to choose from. */
const MOST_CANDIDATES = 5;
const LEAST_PROBABILITY = 0.001;

/** Where the camera says nothing of its error. */
const USUAL_SIGMA_METRE = 4;

export async function matchTower(
  assets: AssetRepository,
  photograph: MatchablePhotograph,
): Promise<TowerMatch> {
  const pose = poseOf(photograph);
  if (!pose) return UNMATCHED;
  const reach = FARTHEST_METRE + 3 * pose.positionSigmaMetre;
  const near = await assets.towersNear(pose.latitudeDeg, pose.longitudeDeg, reach);
  const { towers, none } = weighTowers(pose, near);
  const [best, second] = towers;
  if (!best || best.probability < LEAST_PROBABILITY) return UNMATCHED;
  const candidates = towers
    .slice(0, MOST_CANDIDATES)
    .filter(({ probability }) => probability >= LEAST_PROBABILITY)
    .map(({ tower: { lineId, towerId }, probability }): MatchCandidate => ({ lineId, towerId, probability }));
  if (best.probability - Math.max(none, second?.probability ?? 0) < MARGIN) {
    return { ...UNMATCHED, state: 'needs-matching', candidates };
  }
  const { lineId, towerId } = best.tower;
  return {
    state: 'matched',
    tower: { lineId, towerId, distanceMetre: distanceMetre(pose, best.tower) },
    probability: best.probability,
    candidates,
    view: viewFrom(photograph, best.tower),
  };
}

const UNMATCHED: TowerMatch = {
  state: 'unmatched',
  tower: null,
  probability: null,
  candidates: [],
  view: null,
};

/** How much of the tower is in the frame; null where the camera does not say enough, its focal length among it. */
export function viewFrom(
  photograph: MatchablePhotograph,
  tower: { readonly latitudeDeg: number; readonly longitudeDeg: number },
): TowerView | null {
  const pose = poseOf(photograph);
  return pose && photograph.focalLength35Mm !== null ? viewOfTower(pose, tower, photograph.widthPx) : null;
}

export function poseOf(photograph: MatchablePhotograph): CameraPose | null {
  const { latitudeDeg, longitudeDeg, relativeAltitudeMetre, yawDeg, pitchDeg } = photograph;
  if (latitudeDeg === null || longitudeDeg === null) return null;
  return {
    latitudeDeg,
    longitudeDeg,
    positionSigmaMetre: photograph.positionSigmaMetre ?? USUAL_SIGMA_METRE,
    relativeAltitudeMetre,
    yawDeg,
    yawSigmaDeg: photograph.yawSigmaDeg ?? 0,
    pitchDeg,
    view: fieldOfView(photograph.focalLength35Mm, photograph),
  };
}

/** A stored photograph as matching knows it. */
export function toPhotograph(row: ImageRow): MatchablePhotograph {
  return {
    latitudeDeg: row.latitude_deg,
    longitudeDeg: row.longitude_deg,
    positionSigmaMetre: row.position_sigma_metre,
    relativeAltitudeMetre: row.relative_altitude_metre,
    yawDeg: row.yaw_deg,
    yawSigmaDeg: row.yaw_sigma_deg,
    pitchDeg: row.pitch_deg,
    focalLength35Mm: row.focal_length_35_mm,
    widthPx: row.width_px,
    heightPx: row.height_px,
  };
}
