/** From a rule to the SDK's shape: a query A and a threshold B on its number, which is the condition. */
import { QueryBuilder, RuleBuilder, type Rule } from '@grafana/grafana-foundation-sdk/alerting';
import type { Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { Broken } from '../../src/core/domain/failure.ts';
import { alertQuery } from '../house/postgres-query.ts';
import { DATA_SOURCE_UID } from '../house/data-source.ts';
import type { AlertRule } from './alert-rule.ts';

/** Where Grafana finds its own expressions. */
export const EXPRESSIONS = '__expr__';

export interface ThresholdModel {
  readonly refId: string;
  readonly type: 'threshold';
  readonly datasource: { readonly type: string; readonly uid: string };
  readonly expression: string;
  readonly conditions: readonly {
    readonly evaluator: { readonly type: 'gt'; readonly params: readonly number[] };
    readonly unloadEvaluator?: { readonly type: 'lt'; readonly params: readonly number[] };
  }[];
}

export function buildRule(rule: AlertRule, dashboards: readonly Dashboard[]): Rule {
  const { uid: dashboardUid, title, query } = rule.panel;
  const board = `{{ externalURL }}d/${dashboardUid}${query ? `?${query}` : ''}`;
  return (
    new RuleBuilder(rule.title)
      .uid(rule.uid)
      .condition('B')
      .withQuery(
        new QueryBuilder('A')
          .datasourceUid(DATA_SOURCE_UID)
          .relativeTimeRange({ from: 600, to: 0 })
          .model(alertQuery(rule.sql)),
      )
      .withQuery(
        new QueryBuilder('B')
          .datasourceUid(EXPRESSIONS)
          .relativeTimeRange({ from: 0, to: 0 })
          .model({ build: () => threshold(rule) }),
      )
      .forDuration(rule.for)
      .keepFiringFor(rule.keepFiringFor)
      // No rows at all, or an error, says that we do not know: both go to platform staff (policies.ts).
      .noDataState('NoData')
      .execErrState('Error')
      .labels({ team: rule.team, severity: rule.severity })
      .annotations({
        summary: rule.summary,
        why: rule.why,
        what_to_do: rule.whatToDo,
        board,
        __dashboardUid__: dashboardUid,
        __panelId__: String(panelId(dashboards, dashboardUid, title)),
      })
      .build()
  );
}

function threshold({ fires }: AlertRule): Dataquery {
  const model: ThresholdModel = {
    refId: 'B',
    type: 'threshold',
    datasource: { type: EXPRESSIONS, uid: EXPRESSIONS },
    expression: 'A',
    conditions: [
      {
        evaluator: { type: 'gt', params: [fires.above] },
        ...(fires.untilBelow === undefined
          ? {}
          : { unloadEvaluator: { type: 'lt' as const, params: [fires.untilBelow] } }),
      },
    ],
  };
  return { ...model, _implementsDataqueryVariant: () => {} };
}

function panelId(dashboards: readonly Dashboard[], uid: string, title: string): number {
  const panels = dashboards.find((board) => board.uid === uid)?.panels ?? [];
  const id = panels.find((panel) => panel.title === title)?.id;
  if (id === undefined) throw new Broken('panel-missing', `The dashboard ${uid} has no panel "${title}".`);
  return id;
}
