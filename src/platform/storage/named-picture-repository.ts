/** Photographs as sets of annotations name them: by their hash, or by their file's name. */
import type { Database } from './database.ts';

export interface KnownPicture {
  readonly imageId: string;
  readonly fileName: string;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly lineId: string | null;
  readonly towerId: string | null;
  readonly flightId: string | null;
}

const PICTURE = `SELECT image_id AS "imageId", file_name AS "fileName", width_px AS "widthPx", height_px AS "heightPx",
                        line_id AS "lineId", tower_id AS "towerId", flight_id AS "flightId" FROM image`;

export class NamedPictureRepository {
  constructor(private readonly database: Database) {}

  /** @param sha256 or its beginning, 12 digits at least */
  async byHash(sha256: string): Promise<KnownPicture[]> {
    const { rows } = await this.database.query<KnownPicture>(
      // From the first to the last hash that begins so: the index knows these.
      `${PICTURE} WHERE sha256 >= $1 AND sha256 < $1 || 'g' ORDER BY sha256 LIMIT 2`,
      [sha256],
    );
    return rows;
  }

  /** Two at most: of more than one nobody knows which is meant. @param name with its ending, or without any */
  async byName(name: string): Promise<KnownPicture[]> {
    const { rows } = await this.database.query<KnownPicture>(
      `${PICTURE} WHERE file_name = $1 OR regexp_replace(file_name, '\\.[^.]*$', '') = $1 ORDER BY (file_name = $1) DESC LIMIT 2`,
      [name],
    );
    return rows.filter((row) => (row.fileName === name) === (rows[0]!.fileName === name));
  }
}
