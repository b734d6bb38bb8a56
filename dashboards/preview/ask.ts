/** What the preview is handed: a way to ask the database, and one to a photograph. */
import type { QueryResult } from '../checks/check-result.ts';

export interface PreviewSource {
  /** Runs SQL as it is; macros are expanded already. */
  ask(text: string): Promise<QueryResult>;
  readonly timescaledb: boolean;
  /** A small picture as a data: address; null where there is none. */
  thumbnail(imageId: string, withBoxes: boolean): Promise<string | null>;
}
