/** How columns of a table look: each function adds an override to a table. */
import { TableCellBackgroundDisplayMode, TableCellDisplayMode } from '@grafana/grafana-foundation-sdk/common';
import type { DashboardLinkBuilder, DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder as Table } from '@grafana/grafana-foundation-sdk/table';
import { byThresholds, stepsOf } from './panels.ts';
import { severityMapping, wordMapping } from './style.ts';

export type Column = (table: Table) => Table;

/** @example columns(table({…}), severity('severity'), wide('why', 320), linked('tower', toTower())) */
export const columns = (table: Table, ...list: readonly Column[]): Table =>
  list.reduce((dressed, column) => column(dressed), table);

const override =
  (name: string, ...properties: DynamicConfigValue[]): Column =>
  (table) =>
    table.overrideByName(name, properties);

const background = {
  id: 'custom.cellOptions',
  value: { type: TableCellDisplayMode.ColorBackground, mode: TableCellBackgroundDisplayMode.Basic },
};

/** A severity's word on its colour. */
export const severity = (name: string): Column =>
  override(name, { id: 'mappings', value: severityMapping }, background, width(100));

/** Words on colours of their own. */
export const words = (name: string, colours: Readonly<Record<string, string>>): Column =>
  override(name, { id: 'mappings', value: wordMapping(colours) }, background, width(130));

/** @param px least width, so that a phone scrolls sideways instead of showing letters below one another */
export const wide = (name: string, px: number): Column => override(name, width(px));

export const inUnit = (name: string, unit: string, decimals?: number, px = 110): Column =>
  override(
    name,
    { id: 'unit', value: unit },
    ...(decimals === undefined ? [] : [{ id: 'decimals', value: decimals }]),
    width(px),
  );

/** A number on the colour of its step. */
export const graded = (name: string, unit: string, steps: Parameters<typeof stepsOf>[0]): Column =>
  override(
    name,
    { id: 'unit', value: unit },
    { id: 'thresholds', value: stepsOf(steps).build() },
    { id: 'color', value: byThresholds },
    background,
    width(110),
  );

export const linked = (name: string, ...links: readonly DashboardLinkBuilder[]): Column =>
  override(name, { id: 'links', value: links.map((link) => link.build()) });

export const picture = (name: string, alt: string): Column =>
  override(name, { id: 'custom.cellOptions', value: { type: TableCellDisplayMode.Image, alt } }, width(150));

/** Ids that links need and nobody reads. */
export const hidden = (...names: readonly string[]): Column => {
  return (table) =>
    names.reduce((rest, name) => rest.overrideByName(name, [{ id: 'custom.hidden', value: true }]), table);
};

function width(px: number): DynamicConfigValue {
  return { id: 'custom.width', value: px };
}
