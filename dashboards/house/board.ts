/** A dashboard in house style: what it answers, its variables, its panels from left to right and down. */
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  DashboardBuilder,
  DashboardCursorSync,
  type AnnotationQuery,
  type Dashboard,
  type Panel,
  type VariableModel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { boardMenu } from './links.ts';
import { apiVariable, dataSourceVariable } from './variables.ts';

export interface BoardOptions {
  /** Spanwatch's HTTP door as the viewer's browser reaches it; links and thumbnails lead there. */
  readonly apiUrl: string;
}

export interface Board {
  readonly uid: string;
  readonly title: string;
  /** The question it answers, and whose. */
  readonly question: string;
  /** Range at first, such as now-7d. */
  readonly from: string;
  readonly refresh: string;
  readonly variables: readonly Builder<VariableModel>[];
  readonly annotations?: readonly Builder<AnnotationQuery>[];
  readonly panels: readonly Builder<Panel>[];
}

export function buildBoard(board: Board, { apiUrl }: BoardOptions): Dashboard {
  const builder = new DashboardBuilder(board.title)
    .uid(board.uid)
    .description(board.question)
    .tags(['spanwatch'])
    .readonly()
    .timezone('browser')
    .tooltip(DashboardCursorSync.Crosshair)
    .time({ from: board.from, to: 'now' })
    .refresh(board.refresh)
    .link(boardMenu())
    .withVariable(dataSourceVariable())
    .withVariable(apiVariable(apiUrl));
  for (const variable of board.variables) builder.withVariable(variable);
  for (const annotation of board.annotations ?? []) builder.annotation(annotation);
  for (const panel of board.panels) builder.withPanel(panel);
  const built = builder.build();
  return {
    ...built,
    // Links and alerts name panels by their number, which is their place.
    panels: built.panels?.map((panel, index) => ({ ...panel, id: index + 1 })),
    // The SDK writes settings of interval variables into all of them.
    templating: {
      list: built.templating.list?.map(
        ({ auto: _auto, auto_min: _autoMin, auto_count: _autoCount, ...variable }) => variable,
      ),
    },
  };
}
