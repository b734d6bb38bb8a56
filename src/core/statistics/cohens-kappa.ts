/**
 * How far two people agree beyond what they would by chance. J. Cohen, "A coefficient of agreement for nominal scales", 1960;
 * standard error for large samples after Fleiss, Cohen and Everitt, 1969.
 */
import type { Interval } from './wilson-interval.ts';

export interface Kappa extends Interval {
  /** 1 full agreement, 0 what chance gives, below 0 less than that. */
  readonly kappa: number;
  readonly standardError: number;
}

/** Two-sided 95 %. */
const Z = 1.959963984540054;
/** Less is noise of the arithmetic where both always agree. */
const LEAST_SPREAD = 1e-12;

/**
 * @param table how often the first said row and the second column
 * @returns null where nothing was counted, or both said one and the same of all: then chance agrees as well
 * @example cohensKappa([[20, 5], [10, 15]]) // 0.4, from 0.15 to 0.65
 */
export function cohensKappa(table: readonly (readonly number[])[]): Kappa | null {
  const total = table.flat().reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  const share = table.map((row) => row.map((count) => count / total));
  const rows = share.map((row) => row.reduce((sum, value) => sum + value, 0));
  const columns = share.map((_, column) => share.reduce((sum, row) => sum + row[column]!, 0));
  const observed = share.reduce((sum, row, index) => sum + row[index]!, 0);
  const expected = rows.reduce((sum, value, index) => sum + value * columns[index]!, 0);
  if (1 - expected < LEAST_SPREAD) return null;
  const kappa = (observed - expected) / (1 - expected);
  const missing = 1 - kappa;
  let spread = -((kappa - expected * missing) ** 2);
  for (const [i, row] of share.entries()) {
    for (const [j, value] of row.entries()) {
      spread +=
        i === j
          ? value * (1 - (rows[i]! + columns[i]!) * missing) ** 2
          : value * (missing * (columns[i]! + rows[j]!)) ** 2;
    }
  }
  const standardError = Math.sqrt((spread < LEAST_SPREAD ? 0 : spread) / total) / (1 - expected);
  return {
    kappa,
    standardError,
    lower: Math.max(-1, kappa - Z * standardError),
    upper: Math.min(1, kappa + Z * standardError),
  };
}
