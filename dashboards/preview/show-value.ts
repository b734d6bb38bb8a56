/** Values in their unit, as Grafana shows them. */

export interface UnitScale {
  /** Multiplies the value. */
  readonly factor: number;
  readonly suffix: string;
}

const PLAIN: Readonly<Record<string, string>> = {
  celsius: ' °C',
  humidity: ' %RH',
  velocityms: ' m/s',
  lengthmm: ' mm',
  percent: ' %',
};
const SI: Readonly<Record<string, string>> = { ohm: 'Ω', amp: 'A', mamp: 'mA' };

/** One scale for a whole axis, so that its largest value reads well. @param largest in absolute terms */
export function scaleOf(unit: string, largest: number): UnitScale {
  if (unit === 'percentunit') return { factor: 100, suffix: ' %' };
  if (unit === 's') return secondsScale(largest);
  if (unit === 'bytes') return bytesScale(largest);
  const symbol = SI[unit];
  if (symbol) {
    return largest > 0 && largest < 0.5 && unit !== 'mamp'
      ? { factor: 1_000, suffix: ` m${symbol}` }
      : { factor: 1, suffix: ` ${symbol}` };
  }
  return { factor: 1, suffix: PLAIN[unit] ?? '' };
}

/** @example showValue(0.0218, 'ohm') // '21.8 mΩ' */
export function showValue(value: number, unit: string, decimals?: number): string {
  const { factor, suffix } = scaleOf(unit, Math.abs(value));
  const scaled = value * factor;
  const digits =
    decimals ?? (Number.isInteger(scaled) || Math.abs(scaled) >= 100 ? 0 : Math.abs(scaled) >= 10 ? 1 : 2);
  return `${scaled.toLocaleString('en', { maximumFractionDigits: digits })}${suffix}`;
}

const SECONDS = [
  [365 * 86_400, ' years'],
  [86_400, ' days'],
  [3_600, ' h'],
  [60, ' min'],
] as const;

function secondsScale(largest: number): UnitScale {
  const [size, suffix] = SECONDS.find(([each]) => largest >= each) ?? [1, ' s'];
  return { factor: 1 / size, suffix };
}

const BYTES = [' B', ' KiB', ' MiB', ' GiB', ' TiB'] as const;

function bytesScale(largest: number): UnitScale {
  const step = Math.min(BYTES.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, largest)) / 10)));
  return { factor: 1 / 1024 ** step, suffix: BYTES[step] ?? '' };
}

/** UTC, to the minute. */
export function showTime(date: Date): string {
  return date.toISOString().slice(0, 16).replace('T', ' ');
}
