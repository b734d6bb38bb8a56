/** The tower a photograph was taken at: the nearest one, if any is near enough for a drone to stand off from. */
import { distanceMetre } from '../../core/domain/geodesy.ts';
import type { AssetRepository, TowerPosition } from '../../platform/storage/asset-repository.ts';

/** Half a span: beyond it the picture could as well belong to the next tower. */
const FARTHEST_METRE = 150;

export interface TowerMatch {
  readonly lineId: string;
  readonly towerId: string;
  readonly distanceMetre: number;
}

export async function matchTower(
  assets: AssetRepository,
  position: { readonly latitudeDeg: number | null; readonly longitudeDeg: number | null },
): Promise<TowerMatch | null> {
  const { latitudeDeg, longitudeDeg } = position;
  if (latitudeDeg === null || longitudeDeg === null) return null;
  const here = { latitudeDeg, longitudeDeg };
  const towers = await assets.towersNear(latitudeDeg, longitudeDeg, FARTHEST_METRE);
  return nearest(here, towers);
}

function nearest(
  here: { readonly latitudeDeg: number; readonly longitudeDeg: number },
  towers: readonly TowerPosition[],
): TowerMatch | null {
  const matches = towers
    .map((tower) => ({
      lineId: tower.lineId,
      towerId: tower.towerId,
      distanceMetre: distanceMetre(here, tower),
    }))
    .sort((a, b) => a.distanceMetre - b.distanceMetre);
  const best = matches[0];
  return best && best.distanceMetre <= FARTHEST_METRE ? best : null;
}
