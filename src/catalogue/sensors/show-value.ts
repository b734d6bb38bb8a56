/** A sent value as a person reads it in a reason: short enough for a sentence. */
export function showValue(value: unknown): string {
  if (value === undefined) return 'absent';
  const text = typeof value === 'number' ? String(value) : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
