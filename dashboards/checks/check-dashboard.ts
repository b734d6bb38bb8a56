/** Rules that every dashboard keeps, of dashboard-linter and of our own; each problem names its panel. */
import { VariableType, type Dashboard, type Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { CHOSEN_DATA_SOURCE } from '../house/data-source.ts';
import { KNOWN_UNITS } from './known-units.ts';
import { listQueries, modelOf, panelsOf } from './list-queries.ts';

/** Grafana stores longer ones, and links to them break. */
const LONGEST_UID = 40;
const GRID_WIDTH = 24;
/** Names that Grafana fills in itself. */
const BUILT_IN = /^(__\w+)/;

/** @param uids of all dashboards, which links may lead to */
export function checkDashboard(board: Dashboard, uids: ReadonlySet<string>): string[] {
  const problems = [
    ...checkFrame(board),
    ...panelsOf(board).flatMap((panel) =>
      checkPanel(panel).map((problem) => `panel "${panel.title}" ${problem}`),
    ),
    ...checkGrid(panelsOf(board)),
    ...checkNames(board, uids),
  ];
  return problems.map((problem) => `${board.title}: ${problem}`);
}

function checkFrame(board: Dashboard): string[] {
  const [first] = board.templating.list ?? [];
  const isSource =
    first?.type === VariableType.Datasource && first.name === 'datasource' && first.label === 'Data source';
  const ids = panelsOf(board).map(({ id }) => id);
  return [
    ...(isSource
      ? []
      : ['its first variable must be the data source, named datasource, labelled Data source']),
    ...(board.editable === false ? [] : ['it must not be editable: files win over what is changed by hand']),
    ...(board.description ? [] : ['it must say which question it answers']),
    ...(/^[a-z0-9-]+$/.test(board.uid ?? '') && (board.uid ?? '').length <= LONGEST_UID
      ? []
      : [`its uid ${board.uid} must be at most ${LONGEST_UID} of a-z, 0-9 and -`]),
    ...(new Set(ids).size === ids.length ? [] : ['two panels have one id']),
  ];
}

function checkPanel(panel: Panel): string[] {
  if (panel.type === 'text')
    return panel.title && panel.description ? [] : ['must have a title and a description'];
  const { defaults, overrides = [] } = panel.fieldConfig ?? { defaults: {} };
  const units = [
    defaults.unit,
    ...overrides.flatMap(({ properties }) =>
      properties.filter(({ id }) => id === 'unit').map(({ value }) => value as string),
    ),
  ];
  const targets = (panel.targets ?? []).map(modelOf);
  const refIds = targets.map(({ refId }) => refId);
  const needsUnit = !['geomap'].includes(panel.type);
  return [
    ...(panel.title && panel.description ? [] : ['must have a title and a description']),
    ...(defaults.noValue ? [] : ['must say what to do when it is empty']),
    ...(targets.length > 0 ? [] : ['has no query']),
    ...(new Set(refIds).size === refIds.length ? [] : ['has two queries of one name']),
    ...(panel.datasource?.uid === CHOSEN_DATA_SOURCE.uid ? [] : ['must use the data source variable']),
    ...targets
      .filter(({ datasource }) => datasource.uid !== CHOSEN_DATA_SOURCE.uid)
      .map(({ refId }) => `has a query ${refId} that does not use the data source variable`),
    ...(needsUnit && !defaults.unit ? ['has no unit'] : []),
    ...units
      .filter((unit): unit is string => unit !== undefined && !KNOWN_UNITS.has(unit))
      .map((unit) => `has the unit ${unit}, which is not known`),
  ];
}

function checkGrid(panels: readonly Panel[]): string[] {
  const problems: string[] = [];
  panels.forEach((panel, index) => {
    const here = panel.gridPos;
    if (!here) return problems.push(`panel "${panel.title}" has no place`);
    if (here.x < 0 || here.x + here.w > GRID_WIDTH) problems.push(`panel "${panel.title}" leaves the grid`);
    for (const other of panels.slice(index + 1)) {
      const there = other.gridPos;
      const apart =
        !there ||
        here.x + here.w <= there.x ||
        there.x + there.w <= here.x ||
        here.y + here.h <= there.y ||
        there.y + there.h <= here.y;
      if (!apart) problems.push(`panels "${panel.title}" and "${other.title}" overlap`);
    }
    return undefined;
  });
  return problems;
}

/** Variables that queries and links name, and dashboards that links lead to, must be there. */
function checkNames(board: Dashboard, uids: ReadonlySet<string>): string[] {
  const known = new Set((board.templating.list ?? []).map(({ name }) => name));
  const unknown = (text: string) =>
    [...text.matchAll(/\$\{(\w+)/g)]
      .map(([, name = '']) => name)
      .filter((name) => !BUILT_IN.test(name) && !known.has(name));
  const fromQueries = listQueries(board).flatMap(({ where, rawSql }) =>
    unknown(rawSql).map((name) => `${where} names the variable ${name}, which is not there`),
  );
  const links = [...JSON.stringify(panelsOf(board)).matchAll(/"url":"([^"]*)"/g)].map(([, url = '']) => url);
  const fromLinks = links.flatMap((url) =>
    unknown(url).map((name) => `a link names the variable ${name}, which is not there`),
  );
  const lost = links
    .map((url) => /^\/d\/([^?/]+)/.exec(url)?.[1])
    .filter((uid): uid is string => uid !== undefined && !uids.has(uid))
    .map((uid) => `a link leads to the dashboard ${uid}, which is not there`);
  return [...new Set([...fromQueries, ...fromLinks, ...lost])];
}
