/** One record of a CSV file, before anybody asks what it means. */

export interface CsvRecord {
  readonly cells: readonly string[];
  /** Where the record begins, the first line of the file being 1. */
  readonly line: number;
}
