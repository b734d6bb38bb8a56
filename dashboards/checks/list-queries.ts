/** Every query of a dashboard, with where it stands and what its result must look like. */
import type { Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import { VariableType, type Dashboard, type Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PostgresModel } from '../house/postgres-query.ts';
import type { ResultKind } from './check-result.ts';

export interface ListedQuery {
  /** For messages: board, panel, query. */
  readonly where: string;
  readonly kind: ResultKind;
  readonly rawSql: string;
}

export function listQueries(board: Dashboard): ListedQuery[] {
  return [...ofVariables(board), ...ofAnnotations(board), ...ofPanels(board)];
}

export const panelsOf = (board: Dashboard): Panel[] => board.panels ?? [];

export const modelOf = (target: Dataquery) => target as unknown as PostgresModel;

function ofVariables({ title, templating }: Dashboard): ListedQuery[] {
  return (templating.list ?? [])
    .filter((variable) => variable.type === VariableType.Query)
    .map(({ name, query }) => ({
      where: `${title}, variable ${name}`,
      kind: 'variable',
      rawSql: query as string,
    }));
}

function ofAnnotations({ title, annotations }: Dashboard): ListedQuery[] {
  return (annotations.list ?? []).flatMap(({ name, target }): ListedQuery[] =>
    target
      ? [{ where: `${title}, annotation ${name}`, kind: 'annotation', rawSql: modelOf(target).rawSql }]
      : [],
  );
}

function ofPanels(board: Dashboard): ListedQuery[] {
  return panelsOf(board).flatMap((panel) =>
    (panel.targets ?? []).map(modelOf).map(({ refId, rawSql, format }): ListedQuery => ({
      where: `${board.title}, panel "${panel.title}", query ${refId}`,
      kind: kindOf(panel.type, refId, format),
      rawSql,
    })),
  );
}

function kindOf(panelType: string, refId: string, format: PostgresModel['format']): ResultKind {
  if (format === 'time_series') return 'series';
  switch (panelType) {
    case 'stat':
      return 'figure';
    case 'barchart':
      return 'bars';
    case 'geomap':
      return refId === 'edges' ? 'edges' : 'places';
    default:
      return 'rows';
  }
}
