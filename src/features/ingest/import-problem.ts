/** What is wrong with one row of an import, for the person who has the file. */

export interface ImportProblem {
  /** Of the file, the header being line 1; of a source without lines, the number of the row. */
  readonly line: number;
  /** Null when it is the row as a whole. */
  readonly column: string | null;
  readonly reason: string;
}

/** Enough to see a pattern; all are counted. */
const MAX_KEPT = 1_000;

/** Counts all problems and keeps the first. */
export class ImportProblems {
  readonly kept: ImportProblem[] = [];
  count = 0;

  add(problem: ImportProblem): void {
    this.count++;
    if (this.kept.length < MAX_KEPT) this.kept.push(problem);
  }
}
