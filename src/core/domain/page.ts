/**
 * How lists are read page by page: a cursor names the last row seen, so that new rows shift nothing.
 *
 * Instants in cursors have milliseconds, those in the database microseconds: queries sort by the former, or rows of
 * one millisecond would be passed over.
 */
import { BadInput } from './failure.ts';

export interface PageRequest {
  readonly limit: number;
  /** Sort key and identity of the last row of the page before. */
  readonly after: readonly [sortKey: string, id: string] | null;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** To be sent as `cursor` for the next page; null on the last one. */
  readonly nextCursor: string | null;
}

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 500;

/** @throws BadInput when the limit or the cursor is not one of ours */
export function readPageRequest(limit: string | undefined, cursor: string | undefined): PageRequest {
  const wanted = limit === undefined ? DEFAULT_LIMIT : Number(limit);
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > MAX_LIMIT) {
    throw new BadInput('bad-limit', `limit must be a whole number from 1 to ${MAX_LIMIT}, not ${limit}.`);
  }
  return { limit: wanted, after: cursor === undefined ? null : decodeCursor(cursor) };
}

/** @param rows one more than the limit where there is a next page */
export function toPage<Row, Item>(
  rows: readonly Row[],
  request: PageRequest,
  key: (row: Row) => readonly [sortKey: string, id: string],
  toItem: (row: Row) => Item,
): Page<Item> {
  const shown = rows.slice(0, request.limit);
  const last = shown.at(-1);
  const more = rows.length > request.limit && last !== undefined;
  return { items: shown.map(toItem), nextCursor: more ? btoa(JSON.stringify(key(last))) : null };
}

function decodeCursor(cursor: string): readonly [string, string] {
  try {
    const parsed: unknown = JSON.parse(atob(cursor));
    if (Array.isArray(parsed) && parsed.length === 2 && parsed.every((part) => typeof part === 'string')) {
      return parsed as unknown as readonly [string, string];
    }
  } catch {
    // Falls through to the one error below.
  }
  throw new BadInput('bad-cursor', 'cursor must be the nextCursor of the page before.');
}

/**
 * A filter that takes one of a few words.
 *
 * @throws BadInput that names them
 */
export function readChoice<Choice extends string>(
  name: string,
  text: string | undefined,
  allowed: readonly Choice[],
): Choice | null {
  if (text === undefined) return null;
  const choice = allowed.find((candidate) => candidate === text);
  if (choice === undefined)
    throw new BadInput('bad-filter', `${name} must be ${allowed.join(' or ')}, not ${text}.`);
  return choice;
}
