/** What an alert rule is: a query that answers with one number a row, and when that number is an alarm. */

export interface AlertRule {
  readonly uid: string;
  readonly title: string;
  /** Who must act: reliability engineers on the grid, platform staff on the software. */
  readonly team: 'reliability' | 'platform';
  readonly severity: 'critical' | 'major' | 'minor';
  /** One float8 column, and text columns that together name the row: they become labels, so they must not change
   * while the alarm lasts. Healthy rows are there too: quiet is not the same as well. No $, which files expand. */
  readonly sql: string;
  readonly fires: {
    readonly above: number;
    /** Once it fires it goes on until the number falls below this; left out, until it is no longer above. */
    readonly untilBelow?: number;
  };
  /** It must hold for so long before anybody is told. */
  readonly for: string;
  /** It is told to have ended only after so long without the condition. */
  readonly keepFiringFor: string;
  /** Templates over the labels: what happened, why one thinks so, what to do. */
  readonly summary: string;
  readonly why: string;
  readonly whatToDo: string;
  /** The panel that shows it, by title, and what follows its address. */
  readonly panel: { readonly uid: string; readonly title: string; readonly query?: string };
}
