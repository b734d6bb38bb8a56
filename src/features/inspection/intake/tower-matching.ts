/** What a person says of a photograph's tower, and what follows from it for the findings of both towers. */
import { BadInput, Conflict } from '../../../core/domain/failure.ts';
import { distanceMetre } from '../../../core/domain/geodesy.ts';
import type { ImageMatch } from '../../../core/domain/image-match.ts';
import { DERIVE_LABELS, DETECT } from '../../../platform/jobs/job-kinds.ts';
import type { Jobs } from '../../../platform/jobs/jobs.ts';
import type { AssetRepository, MaybePlacedTower } from '../../../platform/storage/asset-repository.ts';
import type { Database, Queryable } from '../../../platform/storage/database.ts';
import type { ImageMatchRepository } from '../../../platform/storage/image-match-repository.ts';
import type { ImageRepository, ImageRow } from '../../../platform/storage/image-repository.ts';
import { defaultFlight } from './default-flight.ts';
import { matchTower, toPhotograph, viewFrom } from './match-tower.ts';

export interface ChosenTower {
  /** Null where the photograph shows no tower. */
  readonly tower: { readonly lineId: string; readonly towerId: string } | null;
  /** Of the match that was looked at. */
  readonly revision: number;
  readonly by: string;
}

export class TowerMatching {
  constructor(
    private readonly database: Database,
    private readonly images: ImageRepository,
    private readonly matches: ImageMatchRepository,
    private readonly assets: AssetRepository,
    private readonly jobs: Jobs,
  ) {}

  /** @throws BadInput when there is no such image or tower; Conflict when the match was changed meanwhile */
  async confirm(imageId: string, { tower, revision, by }: ChosenTower): Promise<ImageRow> {
    const before = await this.images.find(imageId);
    if (!before) throw new BadInput('not-found', `There is no image ${imageId}.`);
    const found = tower && (await this.findTower(tower));
    return this.apply(before, revision, confirmed(before, found), by);
  }

  /**
   * Matches anew what waits for a match, after towers were registered or moved. Safe to break off and run again.
   *
   * @returns how many photographs got a tower, of how many
   */
  async matchWaiting(): Promise<{ readonly waiting: number; readonly matched: number }> {
    let [waiting, matched] = [0, 0];
    for (let after: readonly [string, string] | null = null; ;) {
      const page: ImageRow[] = await this.images.list({ limit: 100, after }, { isMatched: false });
      for (const row of page.slice(0, 100)) {
        waiting++;
        const match = await matchTower(this.assets, toPhotograph(row));
        if (match.state !== 'matched') continue;
        await this.apply(row, row.match_revision, match, null).then(
          () => matched++,
          (error: unknown) => {
            // Whoever changed it meanwhile knows better.
            if (!(error instanceof Conflict)) throw error;
          },
        );
      }
      const last = page.slice(0, 100).at(-1);
      if (!last || page.length <= 100) return { waiting, matched };
      after = [last.received_at.toISOString(), last.image_id];
    }
  }

  private async findTower(tower: { readonly lineId: string; readonly towerId: string }) {
    const found = await this.assets.find(tower.lineId, tower.towerId);
    if (found) return found;
    throw new BadInput('unknown-tower', `There is no tower ${tower.towerId} on a line ${tower.lineId}.`);
  }

  private async apply(
    before: ImageRow,
    revision: number,
    match: ImageMatch,
    by: string | null,
  ): Promise<ImageRow> {
    return this.database.transaction(async (client) => {
      const lineId = match.tower?.lineId ?? null;
      const flightId = flightAfter(before, lineId);
      if (flightId) await this.images.registerFlight(client, flightId, lineId, before.taken_at);
      const { image_id: imageId } = before;
      const after = await this.matches.change(client, { imageId, revision, match, flightId, by });
      if (!after) throw await this.changedMeanwhile(imageId, revision);
      await this.renewFindings(client, before, after);
      return after;
    });
  }

  private async changedMeanwhile(imageId: string, revision: number): Promise<Conflict> {
    const now = await this.images.find(imageId);
    const state = now
      ? `revision ${now.match_revision}, ${now.line_id ?? 'no line'}/${now.tower_id ?? 'no tower'}`
      : 'gone';
    return new Conflict(
      'match-changed',
      `The match of this image is not at revision ${revision} any more, but ${state}: look at it and decide again.`,
      { imageId },
    );
  }

  /** The photograph now speaks of another tower, and what the first one's findings said may have rested on it. */
  private async renewFindings(client: Queryable, before: ImageRow, after: ImageRow): Promise<void> {
    const { line_id: lineId, tower_id: towerId, flight_id: flightId } = before;
    const isSame = lineId === after.line_id && towerId === after.tower_id && flightId === after.flight_id;
    if (isSame) return;
    if (lineId && towerId && flightId) {
      const [other] = await this.images.ofTowerAndFlight(client, lineId, towerId, flightId);
      if (other) await this.jobs.send(DETECT, { imageId: other.image_id }, client);
      else {
        await this.matches.forgetFindings(client, lineId, towerId, flightId);
        await this.jobs.send(DERIVE_LABELS, { lineId, towerId }, client);
      }
    }
    // One that waits in the queue is looked at with its new tower anyway.
    if (after.state === 'analysed') await this.jobs.send(DETECT, { imageId: after.image_id }, client);
  }
}

function confirmed(row: ImageRow, tower: MaybePlacedTower | null): ImageMatch {
  if (!tower) return { state: 'confirmed', tower: null, probability: null, view: null };
  const { lineId, towerId, latitudeDeg, longitudeDeg } = tower;
  const [place, photograph] = [placeOf(latitudeDeg, longitudeDeg), toPhotograph(row)];
  const here = placeOf(row.latitude_deg, row.longitude_deg);
  return {
    state: 'confirmed',
    tower: { lineId, towerId, distanceMetre: here && place ? distanceMetre(here, place) : null },
    probability: 1,
    view: place && viewFrom(photograph, place),
  };
}

function placeOf(latitudeDeg: number | null, longitudeDeg: number | null) {
  return latitudeDeg === null || longitudeDeg === null ? null : { latitudeDeg, longitudeDeg };
}

/** A flight that somebody named stays; one that was made up of line and day follows the line. */
function flightAfter(row: ImageRow, lineId: string | null): string | null {
  const wasMadeUp = row.flight_id === null || row.flight_id === defaultFlight(row.taken_at, row.line_id);
  return wasMadeUp ? defaultFlight(row.taken_at, lineId) : row.flight_id;
}
