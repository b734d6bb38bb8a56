/**
 * What drone looks allow to believe about a sensor at every time: healthy, defective, or a defect that began
 * at an unknown time between two looks.
 */

export interface Look {
  readonly sensorId: string;
  /** Milliseconds since 1970. */
  readonly inspectedAt: number;
  /** Probability that the tower was defective, 0..1. */
  readonly defect: number;
  readonly kind: string | null;
}

/** Covers times after `from` up to and including `until`. */
export interface LookInterval {
  readonly from: number;
  readonly until: number;
  readonly belief: 'healthy' | 'defective' | 'onset';
  /** How much the looks are to be trusted, 0..1. */
  readonly confidence: number;
  readonly kind: string | null;
}

/**
 * Looks of one sensor, in time order. A clean look says that nothing was wrong before it, back to the look
 * before; a defect after a clean look began somewhere between them; between a defect and a clean look lies a
 * repair at an unknown time, which teaches nothing; nor does what comes after the last look.
 */
export function intervalsFromLooks(looks: readonly Look[]): LookInterval[] {
  const intervals: LookInterval[] = [];
  let from = -Infinity;
  let before: Look | null = null;
  for (const look of looks) {
    const defective = look.defect >= 0.5;
    const wasDefective = before !== null && before.defect >= 0.5;
    const certainty = defective ? look.defect : 1 - look.defect;
    const common = { from, until: look.inspectedAt, kind: look.kind };
    if (!defective && !wasDefective) intervals.push({ ...common, belief: 'healthy', confidence: certainty });
    if (defective && wasDefective) {
      const both = certainty * (before?.defect ?? 1);
      intervals.push({ ...common, belief: 'defective', confidence: both });
    }
    if (defective && !wasDefective) intervals.push({ ...common, belief: 'onset', confidence: certainty });
    from = look.inspectedAt;
    before = look;
  }
  return intervals;
}

/** True where nothing speaks against health at `time`: not near a defect that a look has seen or closed off. */
export function isTrusted(looks: readonly Look[], intervals: readonly LookInterval[], time: number): boolean {
  let last: Look | undefined;
  for (const look of looks) if (look.inspectedAt < time) last = look;
  if (last !== undefined && last.defect >= 0.5) return false;
  return !intervals.some(({ belief, from, until }) => belief !== 'healthy' && time > from && time <= until);
}
