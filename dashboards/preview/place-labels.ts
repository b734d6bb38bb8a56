/** Finds room for the labels of a map: beside their dots, never upon one another. */

export interface Dot {
  /** Px. */
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  /** Empty: the dot has none. */
  readonly label: string;
}

export interface PlacedLabel {
  readonly text: string;
  /** Start of its baseline, px. */
  readonly x: number;
  readonly y: number;
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Of 12 px letters, on the generous side. */
const LETTER_PX = 7;
const LINE_PX = 14;
const GAP_PX = 4;

/**
 * Labels in the order of the dots: who comes first has the choice. One that finds no room is left out, since the dot
 * still tells its name when it is pointed at.
 *
 * @param width of the map, px: no label leaves it
 */
export function placeLabels(dots: readonly Dot[], width: number): PlacedLabel[] {
  const taken: Box[] = dots.map(({ x, y, radius }) => ({
    left: x - radius,
    top: y - radius,
    right: x + radius,
    bottom: y + radius,
  }));
  const placed: PlacedLabel[] = [];
  for (const { x, y, radius, label } of dots) {
    if (label === '') continue;
    const length = label.length * LETTER_PX;
    const away = radius + GAP_PX;
    const corners = [
      { left: x + away, top: y - away - LINE_PX },
      { left: x + away, top: y + away },
      { left: x - away - length, top: y - away - LINE_PX },
      { left: x - away - length, top: y + away },
      { left: x + away, top: y - LINE_PX / 2 },
      { left: x - away - length, top: y - LINE_PX / 2 },
    ];
    const box = corners
      .map(({ left, top }): Box => ({ left, top, right: left + length, bottom: top + LINE_PX }))
      .find(
        (each) =>
          each.left >= 0 && each.right <= width && each.top >= 0 && !taken.some((other) => meet(each, other)),
      );
    if (!box) continue;
    taken.push(box);
    placed.push({ text: label, x: Math.round(box.left), y: Math.round(box.bottom - 3) });
  }
  return placed;
}

function meet(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
