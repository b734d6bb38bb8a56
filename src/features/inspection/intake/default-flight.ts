/** The flight of a photograph that came without one: a line and a day. */

export function defaultFlight(takenAt: Date | null, lineId: string | null): string | null {
  return takenAt && lineId ? `${lineId}-${takenAt.toISOString().slice(0, 10)}` : null;
}
