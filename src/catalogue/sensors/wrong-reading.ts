/** Why a reading can't be stored, put into words only when asked: a flood of them is put by without. */
import { describeFaults } from './check-fields.ts';
import { describeTime } from './check-time.ts';
import type { Channel } from './sensor.ts';

/** A field of the wrong type, a number out of range, a wrong clock, nothing measured. */
export type ReadingFault =
  'reading-malformed' | 'quantity-implausible' | 'time-in-future' | 'time-too-old' | 'reading-empty';

export interface WrongReading {
  readonly code: ReadingFault;
  /** The names at fault, empty when it is the reading as a whole. */
  readonly fields: readonly string[];
  /** What was wrong and what is allowed, without a full stop. */
  readonly reason: string;
}

export class WrongFields implements WrongReading {
  constructor(
    readonly code: ReadingFault,
    private readonly channels: readonly Channel[],
    private readonly sent: unknown,
  ) {}

  get fields(): readonly string[] {
    return describeFaults(this.channels, this.sent).flatMap(({ field }) => field ?? []);
  }

  get reason(): string {
    const reasons = describeFaults(this.channels, this.sent).map(({ reason }) => reason);
    return reasons.join('; ');
  }
}

export class WrongTime implements WrongReading {
  constructor(
    readonly code: ReadingFault,
    private readonly observedAt: Date,
    private readonly receivedAt: Date,
  ) {}

  get fields(): readonly string[] {
    return ['observedAt'];
  }

  get reason(): string {
    return describeTime(this.observedAt, this.receivedAt);
  }
}

export class EmptyReading implements WrongReading {
  readonly code = 'reading-empty';

  constructor(private readonly channels: readonly Channel[]) {}

  get fields(): readonly string[] {
    return [];
  }

  get reason(): string {
    const names = this.channels.map(({ name }) => name).join(', ');
    return `the reading has no quantity, but must have at least one of ${names}`;
  }
}
