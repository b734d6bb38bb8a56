/** Values as reports show them. */
import type { ReviewState } from '../domain/finding.ts';

/** @example showTime(new Date('2026-05-01T10:00:00Z')) // '2026-05-01 10:00' */
export function showTime(time: Date | null): string {
  return time === null ? 'not known' : time.toISOString().slice(0, 16).replace('T', ' ');
}

export function showDay(time: Date): string {
  return time.toISOString().slice(0, 10);
}

/** In as many digits as a sensor is good for; an en dash where nothing was measured. */
export function showNumber(value: number | null, digits = 4): string {
  return value === null ? '–' : String(Number(value.toPrecision(digits)));
}

/** Half a percent is not told as none. */
export function showProbability(probability: number): string {
  return `${Number((100 * probability).toPrecision(3))} %`;
}

/** @example showKind('broken_insulator') // 'broken insulator' */
export function showKind(kind: string): string {
  return kind.replaceAll('_', ' ');
}

export const REVIEW_WORDS: Readonly<Record<ReviewState, string>> = {
  unreviewed: 'proposed',
  confirmed: 'confirmed',
  rejected: 'rejected',
  reclassed: 'called otherwise',
};

export const SEVERITY_WORDS = ['', 'slight', 'low', 'medium', 'high', 'urgent'] as const;
