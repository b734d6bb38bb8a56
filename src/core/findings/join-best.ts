/** Joins the two of several values that fit best, again and again, until none fit. */

/** @param merit of joining two; null where they must stay apart */
export function joinBest<Value>(
  start: readonly Value[],
  merit: (a: Value, b: Value) => number | null,
  join: (a: Value, b: Value) => Value,
): Value[] {
  const values = new Map(start.map((value, index) => [index, value]));
  const merits = new Map<string, { readonly pair: readonly [number, number]; readonly merit: number }>();
  const judge = (i: number, j: number) => {
    const found = merit(values.get(i)!, values.get(j)!);
    if (found !== null) merits.set(`${i} ${j}`, { pair: [i, j], merit: found });
  };
  for (const i of values.keys()) for (const j of values.keys()) if (i < j) judge(i, j);
  while (merits.size > 0) {
    const [keep, drop] = [...merits.values()].reduce((a, b) => (b.merit > a.merit ? b : a)).pair;
    values.set(keep, join(values.get(keep)!, values.get(drop)!));
    values.delete(drop);
    for (const [key, { pair }] of merits) {
      if (pair.some((index) => index === keep || index === drop)) merits.delete(key);
    }
    for (const other of values.keys()) {
      if (other !== keep) judge(Math.min(other, keep), Math.max(other, keep));
    }
  }
  return [...values.values()];
}
