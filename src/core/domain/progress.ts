/** How long work tells whoever waits for it how far it has come. */
export interface Progress {
  /** What is being done now, in the user's words: `training the detector`. */
  readonly stage: string;
  readonly done: number;
  readonly total: number;
  /** Free text beside the bar: a loss, a rate. */
  readonly note?: string;
}

/** Called often; must be cheap and must not throw. */
export type ProgressListener = (progress: Progress) => void;

export const ignoreProgress: ProgressListener = () => {};
