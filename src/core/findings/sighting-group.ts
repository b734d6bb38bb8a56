/** Sightings that are taken for one defect. */
import { addSights, type SightSum } from '../geometry/point-on-tower.ts';
import type { Sighting } from './sighting.ts';

export interface SightingGroup {
  /** The surest first. */
  readonly sightings: readonly Sighting[];
  /** What they say of its place, each view once; null where no camera says enough. */
  readonly sights: SightSum | null;
}

/** Whether what pictures show forbids that two groups are one defect. */
export type Apart = (a: SightingGroup, b: SightingGroup) => boolean;

export function joinGroups(groups: readonly SightingGroup[]): SightingGroup {
  const sights = groups.flatMap((group) => group.sights ?? []);
  return { sightings: sortSightings(groups), sights: sights.length > 0 ? sights.reduce(addSights) : null };
}

export function sortSightings(groups: readonly SightingGroup[]): Sighting[] {
  return groups
    .flatMap(({ sightings }) => sightings)
    .sort((one, other) => other.score - one.score || byPlace(one, other));
}

/** An order that does not depend on who came first. */
export function byPlace(a: Sighting, b: Sighting): number {
  if (a.imageId !== b.imageId) return a.imageId < b.imageId ? -1 : 1;
  return a.box[0] - b.box[0] || a.box[1] - b.box[1] || a.score - b.score;
}
