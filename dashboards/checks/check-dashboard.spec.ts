/** The rules find nothing in what is generated, and name each fault that is put in. */
import type { Dashboard, Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { describe, expect, it } from 'vitest';
import { buildDashboards, DEFAULT_OPTIONS } from '../files/generate-files.ts';
import { checkDashboard } from './check-dashboard.ts';
import { modelOf } from './list-queries.ts';

const boards = buildDashboards(DEFAULT_OPTIONS);
const uids = new Set(boards.map(({ uid }) => uid ?? ''));

describe('the generated dashboards', () => {
  it('are six, with uids of their own', () => {
    expect(uids.size).toBe(6);
  });

  it.each(boards.map((board) => [board.title, board] as const))('break no rule: %s', (_, board) => {
    expect(checkDashboard(board, uids)).toEqual([]);
  });
});

const FAULTS: readonly (readonly [
  name: string,
  spoil: (board: Dashboard, panel: Panel) => void,
  problem: RegExp,
])[] = [
  ['another data source variable', ({ templating }) => (templating.list![0]!.name = 'db'), /first variable/],
  ['an editable board', (board) => (board.editable = true), /must not be editable/],
  ['a board without a question', (board) => (board.description = ''), /which question/],
  ['a uid with blanks', (board) => (board.uid = 'Span watch'), /its uid/],
  ['two panels of one id', (board) => (board.panels![1]!.id = 1), /one id/],
  ['a panel without a title', (_, panel) => (panel.title = ''), /title and a description/],
  ['a panel without a description', (_, panel) => (panel.description = undefined), /title and a description/],
  [
    'a panel that is silent when empty',
    (_, panel) => delete panel.fieldConfig!.defaults.noValue,
    /when it is empty/,
  ],
  ['a panel without a query', (_, panel) => (panel.targets = []), /no query/],
  [
    'two queries of one name',
    (_, panel) => panel.targets!.push(panel.targets![0]!),
    /two queries of one name/,
  ],
  ['a panel with its own data source', (_, panel) => (panel.datasource!.uid = 'x'), /data source variable/],
  [
    'a query with its own data source',
    (_, panel) => Object.assign(modelOf(panel.targets![0]!), { datasource: { type: 'x', uid: 'x' } }),
    /query A that does not use the data source variable/,
  ],
  ['a unit that nobody knows', (_, panel) => (panel.fieldConfig!.defaults.unit = 'mohm'), /unit mohm/],
  ['no unit', (_, panel) => (panel.fieldConfig!.defaults.unit = undefined), /no unit/],
  ['a panel on another', (_, panel) => (panel.gridPos = { x: 0, y: 0, w: 24, h: 30 }), /overlap/],
  ['a panel beside the grid', (_, panel) => (panel.gridPos!.x = 22), /leaves the grid/],
  [
    'a query with a variable that is not there',
    (_, panel) => Object.assign(modelOf(panel.targets![0]!), { rawSql: 'SELECT ${lime:sqlstring}' }),
    /variable lime/,
  ],
  [
    'a link to nowhere',
    (board) => {
      const text = JSON.stringify(board.panels).replaceAll('/d/spanwatch-tower', '/d/spanwatch-towers');
      board.panels = JSON.parse(text) as Panel[];
    },
    /spanwatch-towers, which is not there/,
  ],
];

describe('a fault is named', () => {
  it.each(FAULTS)('%s', (_, spoil, problem) => {
    const board = structuredClone(JSON.parse(JSON.stringify(boards[0]))) as Dashboard;
    spoil(board, board.panels![0] as Panel);
    expect(checkDashboard(board, uids).join('\n')).toMatch(problem);
  });
});
