/**
 * Places groups whose cameras say nothing of where they looked: as few defects as the pictures allow, since most towers that
 * have a defect have one. Each goes to the defect that it looks most like; two that one picture shows go to two.
 */
import { joinGroups, type Apart, type SightingGroup } from './sighting-group.ts';

/** @param placed defects that are known by their place */
export function joinByLooks(
  placed: readonly SightingGroup[],
  groups: readonly SightingGroup[],
  apart: Apart,
): SightingGroup[] {
  const defects = [...placed];
  let waiting = [...groups];
  while (waiting.length > 0) {
    const together = seenTogether(waiting);
    waiting = waiting.filter((group) => !together.includes(group));
    const choices = together
      .flatMap((group) => defects.map((defect, index) => ({ group, index, alike: likeness(group, defect) })))
      .sort((a, b) => b.alike - a.alike);
    const done = new Set<SightingGroup | number>();
    for (const { group, index } of choices) {
      if (done.has(group) || done.has(index) || apart(group, defects[index]!)) continue;
      defects[index] = joinGroups([defects[index]!, group]);
      done.add(group).add(index);
    }
    defects.push(...together.filter((group) => !done.has(group)));
  }
  return defects;
}

/** The groups in the picture that shows most of them. */
function seenTogether(groups: readonly SightingGroup[]): SightingGroup[] {
  const byImage = new Map<string, SightingGroup[]>();
  for (const group of groups) {
    for (const imageId of new Set(group.sightings.map((one) => one.imageId))) {
      byImage.set(imageId, [...(byImage.get(imageId) ?? []), group]);
    }
  }
  const ordered = [...byImage].sort(([idA, a], [idB, b]) => b.length - a.length || (idA < idB ? -1 : 1));
  return ordered[0]![1];
}

/** Cosine of the two most alike embeddings; 0 where there are none. */
function likeness(a: SightingGroup, b: SightingGroup): number {
  return Math.max(
    ...a.sightings.flatMap((one) => b.sightings.map((other) => cosine(one.embedding, other.embedding))),
  );
}

function cosine(a: readonly number[] | undefined, b: readonly number[] | undefined): number {
  if (!a || !b || a.length !== b.length) return 0;
  let [product, squaresA, squaresB] = [0, 0, 0];
  for (const [index, value] of a.entries()) {
    product += value * b[index]!;
    squaresA += value * value;
    squaresB += b[index]! * b[index]!;
  }
  return product === 0 ? 0 : product / Math.sqrt(squaresA * squaresB);
}
