/** Whether photographs arrive, are analysed and find their tower. */
import * as units from '@grafana/grafana-foundation-sdk/units';
import { stat } from '../house/panels.ts';
import { chosen, sql, timeFilter, TIME_TO } from '../house/sql.ts';
import { COLOUR } from '../house/style.ts';

const NOTHING = '0';

export const figures = () => [
  stat(
    {
      title: 'Photographs taken',
      about: 'In the range of the board, of the chosen lines.',
      empty: 'none yet: upload with POST /v1/images',
      query: sql`
        SELECT count(*)::float8 AS photographs FROM image
         WHERE ${timeFilter('taken_at')} AND ${chosen('line_id', 'line')}`,
    },
    units.Short,
  ).span(6),
  stat(
    {
      title: 'Wait for the detector',
      about: 'Photographs that no worker has looked at yet. It should fall while workers run.',
      empty: NOTHING,
      query: sql`SELECT count(*)::float8 AS waiting FROM image WHERE state = 'queued'`,
    },
    units.Short,
    [
      [null, COLOUR.sky],
      [500, COLOUR.yellow],
    ],
  ).span(6),
  stat(
    {
      title: 'Without a tower',
      about:
        'Photographs whose tower nobody knows: no position in them, none near, or several that it could be. They are listed below.',
      empty: NOTHING,
      query: sql`SELECT count(*)::float8 AS unmatched FROM image WHERE match_state IN ('needs-matching', 'unmatched')`,
    },
    units.Short,
    [
      [null, COLOUR.sky],
      [1, COLOUR.yellow],
    ],
  ).span(6),
  stat(
    {
      title: 'To review',
      about:
        'Findings that wait for a person: the queue below. Each decision becomes a label of its tower’s sensors.',
      empty: NOTHING,
      query: sql`
        SELECT count(*)::float8 AS to_review FROM review_queue(${TIME_TO}) q WHERE ${chosen('q.line_id', 'line')}`,
    },
    units.Short,
    [
      [null, COLOUR.sky],
      [1, COLOUR.yellow],
    ],
  ).span(6),
];
