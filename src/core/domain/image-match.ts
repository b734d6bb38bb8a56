/** Which tower a photograph shows, and how sure that is. */
import type { TowerView } from '../geometry/view-of-tower.ts';

/** By its position; several could be it; none near or no position; said by a person. */
export type MatchState = 'matched' | 'needs-matching' | 'unmatched' | 'confirmed';

export interface MatchCandidate {
  readonly lineId: string;
  readonly towerId: string;
  readonly probability: number;
}

export interface ImageMatch {
  readonly state: MatchState;
  readonly tower: {
    readonly lineId: string;
    readonly towerId: string;
    readonly distanceMetre: number | null;
  } | null;
  /** That the photograph shows the tower. */
  readonly probability: number | null;
  readonly view: TowerView | null;
}

/** As the position alone gives it. */
export interface TowerMatch extends ImageMatch {
  /** The likeliest towers, best first, whether or not one was taken. */
  readonly candidates: readonly MatchCandidate[];
}
