/** A tower as people on the ground call it. */
export function placeName(lineId: string, towerId: string): string {
  return `line ${lineId} tower ${towerId}`;
}
