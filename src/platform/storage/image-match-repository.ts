/** Which tower each photograph shows, how sure that is, and what a person said of it. */
import type { ImageMatch } from '../../core/domain/image-match.ts';
import type { Queryable } from './database.ts';
import type { ImageRow } from './image-repository.ts';

export interface MatchChange {
  readonly imageId: string;
  /** That the change is made to. */
  readonly revision: number;
  readonly match: ImageMatch;
  readonly flightId: string | null;
  /** Null when no person did it. */
  readonly by: string | null;
}

export class ImageMatchRepository {
  /** @returns the row as it is now, or null when it was changed meanwhile or is gone */
  async change(client: Queryable, change: MatchChange): Promise<ImageRow | null> {
    const { state, tower, probability, view } = change.match;
    const { rows } = await client.query<ImageRow>(
      `UPDATE image SET match_state = $3, line_id = $4, tower_id = $5, tower_distance_metre = $6,
              match_probability = $7, view_lowest_metre = $8, view_highest_metre = $9, millimetre_per_pixel = $10,
              flight_id = $11, matched_by = $12, matched_at = now(), match_revision = match_revision + 1
       WHERE image_id = $1 AND match_revision = $2 RETURNING *`,
      [
        change.imageId,
        change.revision,
        state,
        tower?.lineId ?? null,
        tower?.towerId ?? null,
        tower?.distanceMetre ?? null,
        probability,
        view?.lowestMetre ?? null,
        view?.highestMetre ?? null,
        view?.millimetrePerPixel ?? null,
        change.flightId,
        change.by,
      ],
    );
    return rows[0] ?? null;
  }

  /** Unreviewed findings of a tower and flight rest on its photographs: when the last one goes, so do they. */
  async forgetFindings(client: Queryable, lineId: string, towerId: string, flightId: string): Promise<void> {
    await client.query(
      `DELETE FROM finding WHERE line_id = $1 AND tower_id = $2 AND flight_id = $3 AND review_state = 'unreviewed'`,
      [lineId, towerId, flightId],
    );
  }
}
