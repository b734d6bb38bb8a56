/** Panels in house style. Each says what it shows, why one looks at it, and what to do when it is empty. */
import { PanelBuilder as BarChart } from '@grafana/grafana-foundation-sdk/barchart';
import {
  GraphDrawStyle,
  LegendDisplayMode,
  LegendPlacement,
  LineInterpolation,
  ReduceDataOptionsBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TableCellHeight,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  FieldColorModeId,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as Stat } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as Timeline } from '@grafana/grafana-foundation-sdk/statetimeline';
import { PanelBuilder as Table } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as TimeSeries } from '@grafana/grafana-foundation-sdk/timeseries';
import * as units from '@grafana/grafana-foundation-sdk/units';
import { CHOSEN_DATA_SOURCE } from './data-source.ts';
import { PostgresQuery } from './postgres-query.ts';
import { COLOUR } from './style.ts';

export interface PanelText {
  readonly title: string;
  /** For whom, and what a bad value means. */
  readonly about: string;
  /** Shown instead of data when there are none: what to do about it. */
  readonly empty: string;
  readonly query: string;
}

/** One number, coloured by steps: a value and everything above it, from the smallest up. */
export function stat(
  text: PanelText,
  unit: string,
  steps: readonly (readonly [from: number | null, colour: string])[] = [[null, COLOUR.sky]],
): Stat {
  return dressed(new Stat(), text)
    .withTarget(new PostgresQuery('table', text.query))
    .unit(unit)
    .thresholds(stepsOf(steps))
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).fields('').values(false))
    .height(4)
    .span(4);
}

/** Numbers over time. */
export function series(text: PanelText, unit: string): TimeSeries {
  return (
    dressed(new TimeSeries(), text)
      .withTarget(new PostgresQuery('time_series', text.query))
      .unit(unit)
      .lineWidth(2)
      .lineInterpolation(LineInterpolation.Linear)
      .showPoints(VisibilityMode.Never)
      // A hole in the data stays a hole.
      .spanNulls(false)
      .legend(
        new VizLegendOptionsBuilder()
          .showLegend(true)
          .displayMode(LegendDisplayMode.List)
          .placement(LegendPlacement.Bottom),
      )
      .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending))
      .height(8)
      .span(12)
  );
}

/** Counts over time, one upon the other. */
export function stackedBars(text: PanelText): TimeSeries {
  return series(text, units.Short)
    .drawStyle(GraphDrawStyle.Bars)
    .fillOpacity(80)
    .lineWidth(0)
    .stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'));
}

/** Bars by name, without time. */
export function bars(text: PanelText, unit: string): BarChart {
  return dressed(new BarChart(), text)
    .withTarget(new PostgresQuery('table', text.query))
    .unit(unit)
    .fillOpacity(80)
    .showValue(VisibilityMode.Auto)
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom),
    )
    .height(8)
    .span(12);
}

/** Rows to read and to click. */
export function table(text: PanelText): Table {
  return dressed(new Table(), text)
    .withTarget(new PostgresQuery('table', text.query))
    .unit(units.NoUnit)
    .cellHeight(TableCellHeight.Sm)
    .showHeader(true)
    .height(8)
    .span(24);
}

/** States over time, one strip a series. */
export function timeline(text: PanelText): Timeline {
  return dressed(new Timeline(), text)
    .withTarget(new PostgresQuery('time_series', text.query))
    .unit(units.NoUnit)
    .mergeValues(true)
    .showValue(VisibilityMode.Never)
    .rowHeight(0.85)
    .lineWidth(0)
    .fillOpacity(90)
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom),
    )
    .height(10)
    .span(24);
}

interface Dressable {
  title(title: string): this;
  description(description: string): this;
  noValue(text: string): this;
  datasource(reference: typeof CHOSEN_DATA_SOURCE): this;
}

/** What every panel has. */
export function dressed<Panel extends Dressable>(panel: Panel, text: Omit<PanelText, 'query'>): Panel {
  return panel.title(text.title).description(text.about).noValue(text.empty).datasource(CHOSEN_DATA_SOURCE);
}

export function stepsOf(steps: readonly (readonly [from: number | null, colour: string])[]) {
  return new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps(steps.map(([value, color]) => ({ value, color })));
}

/** Colours of a series come from the value that it has. */
export const byThresholds = { mode: FieldColorModeId.Thresholds };
