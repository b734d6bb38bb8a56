/**
 * Joins groups whose cameras say where they looked: those are one defect whose lines of sight meet.
 *
 * The partition sought is the likeliest: how likely each defect's sights are when they are of one point, times what is
 * expected of partitions before anything is seen (Aldous, "Exchangeability and related topics", 1985, the Chinese
 * restaurant: a view shows a defect that n other views show n times as likely as one that one shows). Joining pair by pair
 * comes near; moving one view, or exchanging two that can't be one, as long as that is better comes nearer.
 */
import { addSights, logEvidenceOfPoint, subtractSights, type SightSum } from '../geometry/point-on-tower.ts';
import { joinBest } from './join-best.ts';
import { joinGroups, type Apart, type SightingGroup } from './sighting-group.ts';

/** Weight of a defect not seen yet against one that one view shows: most towers that have a defect have one. */
const LOG_NEW_DEFECT = Math.log(1 / 3);
/** Less is noise of the arithmetic, and might go round in circles. */
const LEAST_GAIN = 1e-9;

/** A view is never split: its sights are from one place. */
export type PosedGroup = SightingGroup & { readonly sights: SightSum };

interface Defect {
  readonly views: readonly PosedGroup[];
  /** Of all views; null of none. */
  readonly sights: SightSum | null;
}

export function joinByPlace(views: readonly PosedGroup[], apart: Apart): SightingGroup[] {
  const rivals = new Map(views.map((view) => [view, new Set(views.filter((other) => apart(view, other)))]));
  const rivalsIn = (view: PosedGroup, defect: Defect) =>
    defect.views.filter((other) => rivals.get(view)!.has(other));
  const joined = joinBest<Defect>(
    views.map((view) => ({ views: [view], sights: view.sights })),
    (a, b) => {
      if (a.views.some((view) => rivalsIn(view, b).length > 0)) return null;
      const gain = worth(withViews(a, b.views)) - worth(a) - worth(b);
      return gain > 0 ? gain : null;
    },
    (a, b) => withViews(a, b.views),
  );
  return improve(joined, rivalsIn).map(({ views: shown }) => joinGroups(shown));
}

/** Views of a defect that must not be of one with this view. */
type RivalsIn = (view: PosedGroup, defect: Defect) => readonly PosedGroup[];

/** Logarithm of how likely it is that these views show one defect; 0 of none. */
function worth({ views, sights }: Defect): number {
  if (!sights) return 0;
  let logPrior = LOG_NEW_DEFECT;
  for (let others = 1; others < views.length; others++) logPrior += Math.log(others);
  return logPrior + logEvidenceOfPoint(sights);
}

function improve(start: readonly Defect[], rivalsIn: RivalsIn): Defect[] {
  // The last one is a defect that nothing shows yet.
  const defects: Defect[] = [...start, { views: [], sights: null }];
  for (let better = true; better;) {
    better = false;
    for (const [from, to] of pairsOf(defects.length)) {
      const before = worth(defects[from]!) + worth(defects[to]!);
      for (const change of changes(defects[from]!, defects[to]!, rivalsIn)) {
        if (worth(change[0]) + worth(change[1]) - before <= LEAST_GAIN) continue;
        [defects[from], defects[to]] = change;
        better = true;
        break;
      }
    }
  }
  return defects.filter(({ views }) => views.length > 0);
}

function pairsOf(count: number): (readonly [number, number])[] {
  const all = Array.from({ length: count }, (_, index) => index);
  return all.flatMap((from) => all.filter((to) => to !== from).map((to) => [from, to] as const));
}

/** One view moved, or exchanged for the one that it can't be with. */
function* changes(from: Defect, to: Defect, rivalsIn: RivalsIn): Generator<[Defect, Defect]> {
  for (const view of from.views) {
    const [rival, ...others] = rivalsIn(view, to);
    if (others.length > 0) continue;
    const [rest, more] = [withoutView(from, view), withViews(to, [view])];
    if (!rival) yield [rest, more];
    else if (rivalsIn(rival, rest).length === 0) yield [withViews(rest, [rival]), withoutView(more, rival)];
  }
}

function withViews(defect: Defect, views: readonly PosedGroup[]): Defect {
  const sights = views.map((view) => view.sights);
  return {
    views: [...defect.views, ...views],
    sights: (defect.sights ? [defect.sights, ...sights] : sights).reduce(addSights),
  };
}

function withoutView(defect: Defect, view: PosedGroup): Defect {
  const views = defect.views.filter((other) => other !== view);
  return { views, sights: views.length === 0 ? null : subtractSights(defect.sights!, view.sights) };
}
