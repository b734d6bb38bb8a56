/**
 * The four ways in which work fails, named by who must act.
 *
 * Features and platform throw these and nothing that knows of HTTP, MQTT or exit codes; each door
 * translates a failure once.
 */
export type FailureKind = 'BadInput' | 'Conflict' | 'Unavailable' | 'Broken';

export abstract class Failure extends Error {
  abstract readonly kind: FailureKind;

  /**
   * @param code machine-readable, kebab-case, stable: `image-too-large`
   * @param message one sentence for the person who must act: what was wrong, what is allowed
   * @param context values that help to find the case; never secrets
   */
  constructor(
    readonly code: string,
    message: string,
    readonly context: Readonly<Record<string, unknown>> = {},
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** The sender must change what was sent. */
export class BadInput extends Failure {
  readonly kind = 'BadInput';
}

/** The caller must look at the new state and decide again. */
export class Conflict extends Failure {
  readonly kind = 'Conflict';
}

/** Nobody did anything wrong: wait and retry. */
export class Unavailable extends Failure {
  readonly kind = 'Unavailable';
}

/** We must act: a defect of ours or of the installation. */
export class Broken extends Failure {
  readonly kind = 'Broken';
}
