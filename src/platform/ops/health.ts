/** Whether each part of the platform can do its work now. */

/** Resolves when the part is ready, throws with the reason when it is not. */
export type HealthCheck = () => Promise<void> | void;

export interface Readiness {
  readonly ready: boolean;
  /** `ready`, or what is wrong. */
  readonly parts: Readonly<Record<string, string>>;
}

export class Health {
  private readonly checks = new Map<string, HealthCheck>();

  add(part: string, check: HealthCheck): void {
    this.checks.set(part, check);
  }

  async readiness(): Promise<Readiness> {
    const parts: Record<string, string> = {};
    await Promise.all(
      [...this.checks].map(async ([part, check]) => {
        parts[part] = await Promise.resolve()
          .then(check)
          .then(
            () => 'ready',
            (error: Error) => error.message,
          );
      }),
    );
    return { ready: Object.values(parts).every((state) => state === 'ready'), parts };
  }
}
