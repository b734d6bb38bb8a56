/** What ingest counts; whoever starts it says where. */
export interface IngestMetrics {
  /** Readings committed that were not there before, or with channels that were not. */
  stored(count: number): void;
  /** Readings that were there already. */
  duplicate(count: number): void;
  /** Readings that contradict what was there already, kept in `reading_conflict`. */
  conflict(count: number): void;
  /** A message, or a part of one, kept in `rejected_message`; the code is one of a few. */
  rejected(code: string): void;
  /** From a batch taken to its commit. */
  batchSeconds(seconds: number): void;
}
