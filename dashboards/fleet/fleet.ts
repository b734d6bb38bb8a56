/** Fleet: what on all lines needs somebody today? */
import type { Board } from '../house/board.ts';
import { UID } from '../house/links.ts';
import { linesVariable } from '../house/variables.ts';
import { changes, openedPerDay } from './changes.ts';
import { figures } from './figures.ts';
import { fleetMap } from './map.ts';
import { openEvents } from './open-events.ts';

export const fleet: Board = {
  uid: UID.fleet,
  title: 'Spanwatch / Fleet',
  question:
    'For the reliability engineer: which towers need somebody today, and what changed since last time?',
  from: 'now-14d',
  refresh: '1m',
  variables: [linesVariable()],
  panels: [...figures(), openEvents(), fleetMap(), changes(), openedPerDay()],
};
