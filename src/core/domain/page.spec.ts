import { describe, expect, it } from 'vitest';
import { readChoice, readPageRequest, toPage } from './page.ts';

const rows = ['a', 'b', 'c'].map((id, index) => ({ id, at: `2026-01-0${index + 1}` }));

describe('pages', () => {
  it('lead from one to the next until nothing is left', () => {
    const first = readPageRequest('2', undefined);
    const page = toPage(
      rows,
      first,
      (row) => [row.at, row.id],
      (row) => row.id,
    );
    expect(page.items).toEqual(['a', 'b']);
    const second = readPageRequest('2', page.nextCursor ?? undefined);
    expect(second.after).toEqual(['2026-01-02', 'b']);
    expect(
      toPage(
        rows.slice(2),
        second,
        (row) => [row.at, row.id],
        (row) => row.id,
      ).nextCursor,
    ).toBeNull();
  });

  it.each(['0', '501', 'ten', '1.5'])('refuse the limit %s and name the allowed ones', (limit) => {
    expect(() => readPageRequest(limit, undefined)).toThrow('from 1 to 500');
  });

  it.each(['nonsense', btoa('[1,2]'), btoa('{}')])('refuse the foreign cursor %s', (cursor) => {
    expect(() => readPageRequest('2', cursor)).toThrow('nextCursor of the page before');
  });

  it('take one of a few words as a filter and name them otherwise', () => {
    expect(readChoice('open', undefined, ['true', 'false'])).toBeNull();
    expect(readChoice('open', 'true', ['true', 'false'])).toBe('true');
    expect(() => readChoice('open', 'yes', ['true', 'false'])).toThrow(
      'open must be true or false, not yes.',
    );
  });
});
