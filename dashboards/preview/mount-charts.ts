/** Runs in the browser: draws each chart and keeps it as wide as its panel. Its text is put into the page as it is. */

/** As much of ECharts and of the page as is used; this project has no types of a browser. */
interface Browser {
  readonly echarts: { init(element: unknown, theme: string, options: object): Chart };
  readonly document: { getElementById(id: string): unknown };
  addEventListener(name: string, listener: () => void): void;
}

interface Chart {
  setOption(option: unknown): void;
  resize(): void;
}

/** @param charts options by the id of their element */
export function mountCharts(browser: Browser, charts: Readonly<Record<string, unknown>>): void {
  const mounted = Object.entries(charts).map(([id, option]) => {
    const chart = browser.echarts.init(browser.document.getElementById(id), 'dark', { renderer: 'svg' });
    chart.setOption(Object.assign({ backgroundColor: 'transparent' }, option));
    return chart;
  });
  browser.addEventListener('resize', () => mounted.forEach((chart) => chart.resize()));
}
