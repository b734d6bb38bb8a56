/** A classic dashboard in Grafana's schema v2, as a resource: the second output, for Grafana 12.2 and later. */
import type { Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import {
  VariableType,
  type AnnotationQuery,
  type Dashboard,
  type Panel,
  type VariableModel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DashboardKind, DashboardV2Beta1 } from '@grafana/grafana-foundation-sdk/resource';
import { Broken } from '../../src/core/domain/failure.ts';
import { DATA_SOURCE_TYPE } from '../house/data-source.ts';
import type { PostgresModel } from '../house/postgres-query.ts';

const CURSOR = ['Off', 'Crosshair', 'Tooltip'] as const;

export function toSchemaV2(board: Dashboard) {
  const panels = (board.panels ?? []) as Panel[];
  return {
    apiVersion: DashboardV2Beta1,
    kind: DashboardKind,
    metadata: { name: board.uid },
    spec: {
      title: board.title,
      description: board.description,
      tags: board.tags,
      editable: board.editable,
      preload: false,
      liveNow: false,
      cursorSync: CURSOR[board.graphTooltip ?? 0],
      timeSettings: {
        timezone: board.timezone,
        from: board.time?.from,
        to: board.time?.to,
        autoRefresh: board.refresh,
        autoRefreshIntervals: ['10s', '30s', '1m', '5m', '15m', '30m', '1h'],
        hideTimepicker: false,
        fiscalYearStartMonth: 0,
      },
      links: board.links,
      annotations: (board.annotations.list ?? []).map(annotation),
      variables: (board.templating.list ?? []).map(variable),
      elements: Object.fromEntries(panels.map((panel) => [nameOf(panel), element(panel)])),
      layout: {
        kind: 'GridLayout',
        spec: {
          items: panels.map((panel) => ({
            kind: 'GridLayoutItem',
            spec: {
              x: panel.gridPos?.x,
              y: panel.gridPos?.y,
              width: panel.gridPos?.w,
              height: panel.gridPos?.h,
              element: { kind: 'ElementReference', name: nameOf(panel) },
            },
          })),
        },
      },
    },
  };
}

const nameOf = (panel: Panel) => `panel-${panel.id}`;

function element(panel: Panel) {
  return {
    kind: 'Panel',
    spec: {
      id: panel.id,
      title: panel.title,
      description: panel.description,
      links: [],
      transparent: panel.transparent ?? false,
      data: {
        kind: 'QueryGroup',
        spec: {
          queries: (panel.targets ?? []).map((target) => ({
            kind: 'PanelQuery',
            spec: { refId: modelOf(target).refId, hidden: false, query: dataQuery(target) },
          })),
          transformations: [],
          queryOptions: {},
        },
      },
      vizConfig: {
        kind: 'VizConfig',
        group: panel.type,
        version: '',
        spec: {
          options: (panel.options ?? {}) as object,
          fieldConfig: panel.fieldConfig ?? { defaults: {}, overrides: [] },
        },
      },
    },
  };
}

const modelOf = (target: Dataquery) => target as unknown as PostgresModel;

function dataQuery(target: Dataquery) {
  const { refId: _refId, datasource, ...spec } = modelOf(target);
  return {
    kind: 'DataQuery',
    group: datasource.type,
    version: 'v0',
    datasource: { name: datasource.uid },
    spec,
  };
}

function annotation({ name, enable, iconColor, target }: AnnotationQuery) {
  if (!target) throw new Broken('annotation-without-query', `The annotation ${name} has no query.`);
  return {
    kind: 'AnnotationQuery',
    spec: { name, enable, hide: false, iconColor, query: dataQuery(target) },
  };
}

function variable(model: VariableModel) {
  const common = { name: model.name, label: model.label, skipUrlSync: false };
  if (model.type === VariableType.Datasource) {
    return {
      kind: 'DatasourceVariable',
      spec: {
        ...common,
        hide: 'dontHide',
        pluginId: model.query,
        current: model.current,
        options: [],
        refresh: 'onDashboardLoad',
        regex: '',
        multi: false,
        includeAll: false,
        allowCustomValue: false,
      },
    };
  }
  if (model.type === VariableType.Constant) {
    const value = model.query as string;
    return {
      kind: 'ConstantVariable',
      spec: { ...common, hide: 'hideVariable', query: value, current: { text: value, value } },
    };
  }
  return {
    kind: 'QueryVariable',
    spec: {
      ...common,
      hide: 'dontHide',
      current: model.current ?? { text: '', value: '' },
      refresh: 'onDashboardLoad',
      sort: 'naturalAsc',
      regex: '',
      query: {
        kind: 'DataQuery',
        group: DATA_SOURCE_TYPE,
        version: 'v0',
        datasource: { name: '${datasource}' },
        spec: { rawSql: model.query, format: 'table', rawQuery: true, editorMode: 'code' },
      },
      definition: model.query,
      options: [],
      multi: model.multi ?? false,
      includeAll: model.includeAll ?? false,
      allowCustomValue: false,
    },
  };
}
