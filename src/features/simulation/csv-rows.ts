/**
 * Rows of CSV as bytes: numbers are written digit by digit, since a year of a grid has half a billion of them and text
 * would be made, joined and encoded for each.
 */

const COMMA = 44;
const MINUS = 45;
const POINT = 46;
const ZERO = 48;
const COLON = 58;
const LETTER_Z = 90;
const NEWLINE = 10;
const DAY_MS = 86_400_000;
/** Longer than any cell that is no given text. */
const MOST_CELL_BYTES = 32;

const POWERS_OF_TEN = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];

const encoder = new TextEncoder();

export function encodeText(text: string): Uint8Array {
  return encoder.encode(text);
}

export class CsvRows {
  bytes: Uint8Array<ArrayBuffer>;
  length = 0;
  private day = NaN;
  /** `2025-03-01T` of that day. */
  private dayText: Uint8Array = new Uint8Array(0);

  constructor(bytes: Uint8Array<ArrayBuffer>) {
    this.bytes = bytes;
  }

  /** Copies bytes as they are; a comma or the end of the line may follow. */
  text(cell: Uint8Array): void {
    this.reserve(cell.length);
    const { bytes } = this;
    let at = this.length;
    for (let index = 0; index < cell.length; index++) bytes[at++] = cell[index]!;
    this.length = at;
  }

  comma(): void {
    this.bytes[this.length++] = COMMA;
  }

  newline(): void {
    this.bytes[this.length++] = NEWLINE;
  }

  /**
   * Nothing for NaN and null.
   *
   * @param decimals at most 9; value times 10^decimals must stay below 2^31
   * @example decimal(0.0214, 5) // 0.02140
   */
  decimal(value: number | null, decimals: number): void {
    if (value === null || Number.isNaN(value)) return;
    this.reserve(MOST_CELL_BYTES);
    const scaled = Math.round(value * POWERS_OF_TEN[decimals]!);
    if (scaled < 0) this.bytes[this.length++] = MINUS;
    this.digits(Math.abs(scaled), decimals);
  }

  /** UTC to the millisecond, as `Date.toISOString` writes it. */
  time(atMs: number): void {
    const day = Math.floor(atMs / DAY_MS);
    if (day !== this.day) {
      this.day = day;
      this.dayText = encodeText(new Date(atMs).toISOString().slice(0, 11));
    }
    this.text(this.dayText);
    this.reserve(MOST_CELL_BYTES);
    const ms = atMs - day * DAY_MS;
    const second = Math.floor(ms / 1000);
    const minute = (second / 60) | 0;
    this.pair((minute / 60) | 0, COLON);
    this.pair(minute % 60, COLON);
    this.pair(second % 60, POINT);
    const rest = ms % 1000;
    this.bytes[this.length++] = ZERO + ((rest / 100) | 0);
    this.pair(rest % 100, LETTER_Z);
  }

  private pair(value: number, then: number): void {
    const { bytes } = this;
    bytes[this.length++] = ZERO + ((value / 10) | 0);
    bytes[this.length++] = ZERO + (value % 10);
    bytes[this.length++] = then;
  }

  /** From the last digit to the first; there is one before the point at least. */
  private digits(scaled: number, decimals: number): void {
    let count = decimals + 1;
    while (count < 10 && scaled >= POWERS_OF_TEN[count]!) count++;
    const { bytes } = this;
    const end = this.length + count + (decimals > 0 ? 1 : 0);
    let rest = scaled | 0;
    let at = end - 1;
    for (let place = 0; place < count; place++) {
      if (place === decimals && place > 0) bytes[at--] = POINT;
      const tenth = (rest / 10) | 0;
      bytes[at--] = ZERO + rest - 10 * tenth;
      rest = tenth;
    }
    this.length = end;
  }

  private reserve(count: number): void {
    if (this.length + count + 2 <= this.bytes.length) return;
    const wider = new Uint8Array(2 * this.bytes.length + count + 2);
    wider.set(this.bytes.subarray(0, this.length));
    this.bytes = wider;
  }
}
