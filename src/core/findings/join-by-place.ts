/**
 * Joins groups whose cameras say where they looked: those are one defect whose lines of sight meet.
 *
 * The partition sought is the likeliest: how likely each defect's sights are when they are of one point, times what is
 * expected of partitions before anything is seen (Aldous, "Exchangeability and related topics", 1985, the Chinese
 * restaurant: a view shows a defect that n other views show n times as likely as one that one shows). Joining pair by pair
 * comes near; moving one view, or exchanging two, as long as that is better comes nearer.
 */
import { addSights, logEvidenceOfPoint, type SightSum } from '../geometry/point-on-tower.ts';
import { joinBest } from './join-best.ts';
import { joinGroups, type Apart, type SightingGroup } from './sighting-group.ts';

/** Weight of a defect not seen yet against one that one view shows: most towers that have a defect have one. */
const LOG_NEW_DEFECT = Math.log(1 / 3);
/** Less is noise of the arithmetic, and might go round in circles. */
const LEAST_GAIN = 1e-9;

/** A view is never split: its sights are from one place. */
export type PosedGroup = SightingGroup & { readonly sights: SightSum };
type Defect = readonly PosedGroup[];

export function joinByPlace(views: readonly PosedGroup[], apart: Apart): SightingGroup[] {
  const fits = (a: Defect, b: Defect) => !a.some((one) => b.some((other) => apart(one, other)));
  const joined = joinBest<Defect>(
    views.map((view) => [view]),
    (a, b) => {
      const gain = fits(a, b) ? worth([...a, ...b]) - worth(a) - worth(b) : 0;
      return gain > 0 ? gain : null;
    },
    (a, b) => [...a, ...b],
  );
  return improve(joined, fits).map(joinGroups);
}

/** Logarithm of how likely it is that these views show one defect; 0 of none. */
function worth(views: Defect): number {
  if (views.length === 0) return 0;
  let logPrior = LOG_NEW_DEFECT;
  for (let others = 1; others < views.length; others++) logPrior += Math.log(others);
  return logPrior + logEvidenceOfPoint(views.map(({ sights }) => sights).reduce(addSights));
}

function improve(start: readonly Defect[], fits: (a: Defect, b: Defect) => boolean): Defect[] {
  // The last one is a defect that nothing shows yet.
  const defects = [...start, []];
  for (let better = true; better;) {
    better = false;
    for (const [from, to] of pairsOf(defects.length)) {
      for (const change of changes(defects[from]!, defects[to]!)) {
        const gain = worth(change[0]) + worth(change[1]) - worth(defects[from]!) - worth(defects[to]!);
        if (gain <= LEAST_GAIN || !hold(change[0], fits) || !hold(change[1], fits)) continue;
        [defects[from], defects[to]] = change;
        better = true;
        break;
      }
    }
  }
  return defects.filter((views) => views.length > 0);
}

function pairsOf(count: number): (readonly [number, number])[] {
  const all = Array.from({ length: count }, (_, index) => index);
  return all.flatMap((from) => all.filter((to) => to !== from).map((to) => [from, to] as const));
}

/** One view moved, or two exchanged. */
function* changes(from: Defect, to: Defect): Generator<[Defect, Defect]> {
  for (const view of from) {
    const rest = from.filter((other) => other !== view);
    yield [rest, [...to, view]];
    for (const back of to)
      yield [
        [...rest, back],
        [...to.filter((other) => other !== back), view],
      ];
  }
}

/** Whether no two of its views must stay apart. */
function hold(views: Defect, fits: (a: Defect, b: Defect) => boolean): boolean {
  return views.every((view, index) => fits([view], views.slice(index + 1)));
}
