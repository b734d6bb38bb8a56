/** Deletes readings, and rollups of minutes, that are older than they must be kept; never before what is made of them. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from './database.ts';
import { deleteOldRows } from './delete-old-rows.ts';
import { limitRefresh } from './limit-refresh.ts';

/** Null keeps for ever. */
export interface RetentionDays {
  readonly readings: number | null;
  /** Of a minute and of a quarter of an hour; those of an hour and of a day are always kept. */
  readonly rollups: number | null;
}

export interface Cleared {
  readonly relation: string;
  readonly before: Date;
  /** Rows of a plain table, else chunks. */
  readonly deleted: number;
}

interface ClearOptions {
  readonly days: RetentionDays;
  readonly now: Date;
  /** Asked between small steps. */
  readonly isStopping?: () => boolean;
}

/** What is read to make a rollup, and how long it is kept. */
interface Level {
  readonly relation: string;
  readonly rollup: string;
  readonly days: number | null;
}

const DAY_MS = 86_400_000;
/** A job in the background is given ten minutes to end. */
const MOST_WAITS = 600;
const WAIT_MS = 1_000;
/** Either end of what is brought up is rounded to whole buckets, of an hour at most. */
const OVERLAP_MS = 2 * 3_600_000;

export class ReadingRetention {
  constructor(private readonly database: Database) {}

  /**
   * Run again it goes on where it was. Not by TimescaleDB's own retention policy: that one deletes also what rollups
   * have not taken in yet, and they would then be made anew of nothing.
   */
  async clear(
    { kind, table }: { readonly kind: string; readonly table: string },
    { days, now, isStopping = () => false }: ClearOptions,
  ): Promise<readonly Cleared[]> {
    const { isHypertable, keepsRollups } = await this.describe(table);
    if (!keepsRollups) {
      if (days.readings === null) return [];
      const before = new Date(now.getTime() - days.readings * DAY_MS);
      const deleted = isHypertable
        ? await this.dropChunks(table, before)
        : await deleteOldRows(this.database, { kind, table, before, isStopping });
      return deleted > 0 ? [{ relation: table, before, deleted }] : [];
    }
    if (days.rollups !== null) await this.narrowChunks([`${table}_1m`, `${table}_15m`]);
    const cleared: Cleared[] = [];
    for (const level of levelsOf(table, days)) {
      if (isStopping()) break;
      cleared.push(...(await this.clearLevel(level, now)));
    }
    return cleared;
  }

  private async clearLevel({ relation, rollup, days }: Level, now: Date): Promise<Cleared[]> {
    const clearedBefore = await this.clearedBefore(relation);
    const refreshedDays = refreshDays(days, clearedBefore, now);
    await limitRefresh(this.database, rollup, refreshedDays);
    if (refreshedDays === null) return [];
    // What the background leaves out, up to where it begins; not before where it was cleared: that would be lost.
    await this.refresh(rollup, clearedBefore, new Date(now.getTime() - refreshedDays * DAY_MS + OVERLAP_MS));
    const before = days === null ? null : await this.newestEnd(relation, now.getTime() - days * DAY_MS);
    if (!before) return [];
    return [{ relation, before, deleted: await this.dropChunks(relation, before) }];
  }

  private async describe(table: string): Promise<{ isHypertable: boolean; keepsRollups: boolean }> {
    const { rows: extensions } = await this.database.query(
      "SELECT FROM pg_extension WHERE extname = 'timescaledb'",
    );
    if (extensions.length === 0) return { isHypertable: false, keepsRollups: false };
    const { rows } = await this.database.query<{ isHypertable: boolean; keepsRollups: boolean }>(
      `SELECT EXISTS (SELECT FROM timescaledb_information.hypertables
                       WHERE hypertable_schema = current_schema() AND hypertable_name = $1) AS "isHypertable",
              EXISTS (SELECT FROM timescaledb_information.continuous_aggregates
                       WHERE view_schema = current_schema() AND view_name = $1 || '_1m') AS "keepsRollups"`,
      [table],
    );
    return rows[0]!;
  }

  /** Of those to come: a chunk goes as a whole, and rollups have ten times as wide ones as readings. */
  private async narrowChunks(relations: readonly string[]): Promise<void> {
    await this.database.query(
      `SELECT set_chunk_time_interval(relation::regclass, INTERVAL '7 days') FROM unnest($1::text[]) AS relation`,
      [relations],
    );
  }

  private async clearedBefore(relation: string): Promise<Date | null> {
    const { rows } = await this.database.query<{ cleared_before: Date }>(
      'SELECT cleared_before FROM retention WHERE relation_name = $1',
      [relation],
    );
    return rows[0]?.cleared_before ?? null;
  }

  /** Where the newest chunk ends that lies before that time as a whole. */
  private async newestEnd(relation: string, beforeMs: number): Promise<Date | null> {
    const { rows } = await this.database.query<{ newest: Date | null }>(
      `SELECT max(c.range_end) AS newest
         FROM timescaledb_information.chunks c
         LEFT JOIN timescaledb_information.continuous_aggregates a
                ON (a.materialization_hypertable_schema, a.materialization_hypertable_name)
                 = (c.hypertable_schema, c.hypertable_name)
        WHERE coalesce(a.view_schema, c.hypertable_schema) = current_schema()
          AND coalesce(a.view_name, c.hypertable_name) = $1 AND c.range_end <= $2`,
      [relation, new Date(beforeMs)],
    );
    return rows[0]?.newest ?? null;
  }

  /** The background may be at it. */
  private async refresh(rollup: string, from: Date | null, to: Date): Promise<void> {
    for (let waits = 1; ; waits++) {
      try {
        await this.database.query(
          `CALL refresh_continuous_aggregate('${rollup}', $1::timestamptz, $2::timestamptz)`,
          [from, to],
        );
        return;
      } catch (error) {
        if (!/concurrent refresh/.test(String(error)) || waits === MOST_WAITS) throw error;
        await sleep(WAIT_MS);
      }
    }
  }

  private async dropChunks(relation: string, before: Date): Promise<number> {
    return this.database.transaction(async (client) => {
      await client.query(
        `INSERT INTO retention (relation_name, cleared_before) VALUES ($1, $2)
         ON CONFLICT (relation_name) DO UPDATE
            SET cleared_before = greatest(retention.cleared_before, excluded.cleared_before)`,
        [relation, before],
      );
      const { rowCount } = await client.query(
        'SELECT drop_chunks($1::regclass, older_than => $2::timestamptz)',
        [relation, before],
      );
      return rowCount ?? 0;
    });
  }
}

function levelsOf(table: string, { readings, rollups }: RetentionDays): readonly Level[] {
  return [
    { relation: table, rollup: `${table}_1m`, days: readings },
    { relation: `${table}_1m`, rollup: `${table}_15m`, days: rollups },
    { relation: `${table}_15m`, rollup: `${table}_1h`, days: rollups },
  ];
}

/** How far back a rollup may be brought up in the background; null without end. */
function refreshDays(days: number | null, clearedBefore: Date | null, now: Date): number | null {
  // A day less than is kept: a refresh under way must not meet what is deleted.
  const kept = days === null ? Infinity : days - 1;
  // The database's clock may be behind ours.
  const clearedMs = clearedBefore ? now.getTime() - clearedBefore.getTime() - OVERLAP_MS / 2 : Infinity;
  const whole = Math.floor(clearedMs / DAY_MS);
  const least = Math.min(kept, whole);
  return least === Infinity ? null : least;
}
