/** Joins the two of several values that fit best, again and again, until none fit. */

interface Partner {
  readonly index: number;
  readonly merit: number;
}

/** @param merit of joining two; null where they must stay apart */
export function joinBest<Value>(
  start: readonly Value[],
  merit: (a: Value, b: Value) => number | null,
  join: (a: Value, b: Value) => Value,
): Value[] {
  const values = new Map(start.map((value, index) => [index, value]));
  // The best partner of each among those after it, so that a joining judges few pairs anew.
  const best = new Map<number, Partner>();
  const judge = (index: number, other: number) => {
    const found = merit(values.get(index)!, values.get(other)!);
    if (found !== null && found > (best.get(index)?.merit ?? -Infinity))
      best.set(index, { index: other, merit: found });
  };
  const findPartner = (index: number) => {
    best.delete(index);
    for (const other of values.keys()) if (other > index) judge(index, other);
  };
  for (const index of values.keys()) findPartner(index);
  for (;;) {
    let keep = -1;
    for (const [index, { merit: found }] of best) {
      if (keep < 0 || found > best.get(keep)!.merit) keep = index;
    }
    if (keep < 0) return [...values.values()];
    const drop = best.get(keep)!.index;
    values.set(keep, join(values.get(keep)!, values.get(drop)!));
    values.delete(drop);
    best.delete(drop);
    findPartner(keep);
    for (const index of values.keys()) {
      const partner = best.get(index)?.index;
      if (index !== keep && (partner === keep || partner === drop)) findPartner(index);
      else if (index < keep) judge(index, keep);
    }
  }
}
