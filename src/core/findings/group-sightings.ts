/**
 * Sightings of one kind on one tower in one flight, sorted into physical defects, so that each is counted once.
 *
 * 1. What pictures show is settled first: boxes on one another, in one picture or in two frames of one view, are one defect;
 *    boxes beside one another are two.
 * 2. Where cameras say where they looked, lines of sight that meet are of one defect.
 * 3. What is left joins what it looks like: as few defects as the pictures allow.
 *
 * The order of pictures and boxes does not matter.
 */
import { joinBest } from './join-best.ts';
import { joinByLooks } from './join-by-looks.ts';
import { joinByPlace, type PosedGroup } from './join-by-place.ts';
import { relateSightings, type Relation } from './relate-sightings.ts';
import { byPlace, sortSightings, type SightingGroup } from './sighting-group.ts';
import type { Picture, Sighting } from './sighting.ts';

/** @returns one group a defect, the surest first */
export function groupSightings(
  sightings: readonly Sighting[],
  pictures: readonly Picture[],
): SightingGroup[] {
  const relation = relateSightings(pictures);
  const some = (wanted: Relation) => (a: SightingGroup, b: SightingGroup) =>
    a.sightings.some((one) => b.sightings.some((other) => relation(one, other) === wanted));
  const [alike, apart] = [some('same'), some('different')];
  const views = joinBest<SightingGroup>(
    [...sightings].sort(byPlace).map((one) => ({ sightings: [one], sights: one.sights })),
    (a, b) => (alike(a, b) && !apart(a, b) ? 1 : null),
    // Frames of one burst err alike: what they say of the place, they say once.
    (a, b) => ({ sightings: sortSightings([a, b]), sights: a.sights ?? b.sights }),
  );
  const isPosed = (view: SightingGroup): view is PosedGroup => view.sights !== null;
  const placed = joinByPlace(views.filter(isPosed), apart);
  return joinByLooks(
    placed,
    views.filter((view) => !isPosed(view)),
    apart,
  ).sort(
    (a, b) => b.sightings[0]!.score - a.sightings[0]!.score || byPlace(a.sightings[0]!, b.sightings[0]!),
  );
}
