/** Ways from an alert to the tower, from the tower to its photographs, and from a finding to its review. */
import { DashboardLinkBuilder, DashboardLinkType } from '@grafana/grafana-foundation-sdk/dashboard';

export const UID = {
  fleet: 'spanwatch-fleet',
  line: 'spanwatch-line',
  tower: 'spanwatch-tower',
  inspection: 'spanwatch-inspection',
  ingestHealth: 'spanwatch-ingest-health',
  modelQuality: 'spanwatch-model-quality',
} as const;

/** A cell of the row that was clicked. Ids are of letters, digits, _ and - (0001), so a URL takes them as they are. */
const cell = (column: string) => `\${__data.fields.${column}}`;

/** Where one goes, the range stays the same. */
const TIME_RANGE = '${__url_time_range}';

/** The HTTP door of Spanwatch, as the browser reaches it: a constant variable of every dashboard. */
const SPANWATCH = '${spanwatch}';
const API = `${SPANWATCH}/v1`;

export const toTower = () =>
  link('Tower', `/d/${UID.tower}?var-line=${cell('line')}&var-tower=${cell('tower')}&${TIME_RANGE}`);

export const toLine = () => link('Line', `/d/${UID.line}?var-line=${cell('line')}&${TIME_RANGE}`);

export const toReview = () =>
  link('Review queue', `/d/${UID.inspection}?var-line=${cell('line')}&${TIME_RANGE}`);

/** The page on which people decide. */
export const toFindingReview = () =>
  link('Review this finding', `${SPANWATCH}/review/${cell('finding')}`, true);

export const toFindings = () =>
  link('Findings of the tower', `${API}/findings?line=${cell('line')}&tower=${cell('tower')}`, true);

export const toImage = () => link('Photograph and its boxes', `${API}/images/${cell('image')}`, true);

/** In SQL: the address of an image's thumbnail, boxes drawn on it, for a table's picture cell. */
export const thumbnailUrl = (imageId: string) => `'${API}/images/' || ${imageId} || '/thumbnail?boxes=true'`;

function link(title: string, url: string, newTab = false) {
  return new DashboardLinkBuilder(title).type(DashboardLinkType.Link).url(url).targetBlank(newTab);
}

/** A menu on every board that leads to the others. */
export const boardMenu = () =>
  new DashboardLinkBuilder('Spanwatch')
    .type(DashboardLinkType.Dashboards)
    .tags(['spanwatch'])
    .asDropdown(true)
    .keepTime(true)
    .includeVars(true);
