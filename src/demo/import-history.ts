/** First chapter: 120 days of readings come in through the same storage path that MQTT uses. */
import { setImmediate } from 'node:timers/promises';
import type { Reading } from '../core/domain/reading.ts';
import { importTelemetry } from '../features/ingest/import-telemetry.ts';
import { registerAssets } from '../features/ingest/import-assets.ts';
import { simulateReadings } from '../features/simulation/readings.ts';
import { assetsOf, readingsOfStep } from './grid-readings.ts';
import type { Stage, StageContext } from './stage.ts';

export const importHistory: Stage = {
  title: 'A grid of 2 lines and 24 towers brings 120 days of readings',
  async run({ spanwatch, world, tell, signal }: StageContext): Promise<void> {
    const { database } = spanwatch.platform;
    if (world.historyImported) return tell('already there');
    const { grid } = world;
    await registerAssets(database, assetsOf(grid));
    const days = (grid.historyEndAt.getTime() - grid.startAt.getTime()) / 86_400_000;
    async function* history(): AsyncGenerator<Reading> {
      for (const step of simulateReadings(grid, { to: grid.historyEndAt })) {
        signal.throwIfAborted();
        // Lets the terminal redraw, and Ctrl-C arrive.
        await setImmediate();
        yield* readingsOfStep(step);
        const day = Math.floor((step.observedAt.getTime() - grid.startAt.getTime()) / 86_400_000);
        tell(`day ${day} of ${days}`);
      }
    }
    const startedAt = performance.now();
    const { stored } = await importTelemetry(database, history());
    await world.rememberImport();
    const seconds = (performance.now() - startedAt) / 1_000;
    tell(`${stored.toLocaleString('en')} readings stored in ${seconds.toFixed(1)} s`);
  },
};
