/** Where the columns of a CSV file stand. */
import { BadInput } from '../../core/domain/failure.ts';
import type { CsvRecord } from '../../platform/csv/csv-record.ts';

export class CsvHeader {
  private readonly positions: ReadonlyMap<string, number>;

  /** @throws BadInput when a required column is absent, or one is there twice */
  constructor(file: string, { cells }: CsvRecord, required: readonly string[]) {
    const missing = required.filter((column) => !cells.includes(column));
    if (missing.length > 0) {
      throw new BadInput(
        'csv-column-missing',
        `${file} has the columns ${cells.join(', ')}, but must also have ${missing.join(', ')}.`,
        { file, missing },
      );
    }
    const twice = cells.find((column, index) => cells.indexOf(column) !== index);
    if (twice !== undefined) {
      throw new BadInput(
        'csv-column-twice',
        `${file} has the column '${twice}' twice, but must have it once.`,
      );
    }
    this.positions = new Map(cells.map((column, index) => [column, index]));
  }

  get width(): number {
    return this.positions.size;
  }

  has(column: string): boolean {
    return this.positions.has(column);
  }

  /** Empty where the file has no such column. */
  cell({ cells }: CsvRecord, column: string): string {
    const position = this.positions.get(column);
    return position === undefined ? '' : (cells[position] ?? '');
  }
}
