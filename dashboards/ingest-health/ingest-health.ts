/** Ingest health: does everything that sensors send arrive, and may one restart? */
import type { Board } from '../house/board.ts';
import { UID } from '../house/links.ts';
import { linesVariable } from '../house/variables.ts';
import { arrivals, lag } from './arrivals.ts';
import { connections } from './connections.ts';
import { figures } from './figures.ts';
import { conflicts, rejectedByReason } from './rejected.ts';
import { sessions } from './sessions.ts';
import { unheard } from './unheard.ts';

export const ingestHealth: Board = {
  uid: UID.ingestHealth,
  title: 'Spanwatch / Ingest health',
  question: 'For the operator: does everything that sensors send arrive, what does not, and may I restart?',
  from: 'now-6h',
  refresh: '30s',
  variables: [linesVariable()],
  panels: [
    ...figures(),
    arrivals(),
    lag(),
    sessions(),
    unheard(),
    rejectedByReason(),
    conflicts(),
    connections(),
  ],
};
