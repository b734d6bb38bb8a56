/** How much time one chunk of a hypertable should span: what is being written to must stay in memory. */

export interface ChunkLoad {
  readonly rowsPerDay: number;
  /** In the table and its indexes. */
  readonly bytesPerRow: number;
  /** Of the database server, for its caches. */
  readonly memoryBytes: number;
}

/** The newest chunk, indexes included, gets this share of memory (TimescaleDB's guide to sizing hypertables). */
const MEMORY_SHARE = 0.25;
const DAY = 24;
const STEPS_HOURS = [1, 2, 3, 6, 12, DAY, 2 * DAY, 7 * DAY, 14 * DAY, 30 * DAY];

/** @returns hours, the longest of a few even steps that fits */
export function chunkIntervalHours({ rowsPerDay, bytesPerRow, memoryBytes }: ChunkLoad): number {
  const fitting = (MEMORY_SHARE * memoryBytes * DAY) / (rowsPerDay * bytesPerRow);
  return STEPS_HOURS.findLast((hours) => hours <= fitting) ?? STEPS_HOURS[0]!;
}
