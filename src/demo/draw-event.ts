/** Leaves the live event as a picture in the data folder. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Spanwatch } from '../main.ts';
import { AnomalyScoreRepository } from '../platform/storage/anomaly-score-repository.ts';
import type { DemoWorld } from './demo-world.ts';
import { drawEventChart } from './event-chart.ts';
import { placeName } from './place-name.ts';
import type { DemoSummary } from './summary.ts';

const CHANNEL = 'resistance_ohm';

export async function drawEvent(spanwatch: Spanwatch, world: DemoWorld, summary: DemoSummary): Promise<void> {
  const { liveDefect } = summary;
  const { settings } = spanwatch.platform;
  const scores = await spanwatch.app
    .get(AnomalyScoreRepository)
    .scoresOf(world.grid.liveTower.impedanceSensorId, summary.model?.version ?? '');
  const points = scores.flatMap(({ observed_at: observedAt, channels }) => {
    const channel = channels.find((candidate) => candidate.channel === CHANNEL);
    return channel ? [{ observedAt, ...channel }] : [];
  });
  if (points.length < 2) return;
  const marks = [
    { at: new Date(liveDefect.onsetAt), text: 'joint begins to fail (hidden)', colour: '#009e73' },
  ];
  if (liveDefect.eventOpenedAt) {
    const text = `event opened, ${liveDefect.delayHours} h later`;
    marks.push({ at: new Date(liveDefect.eventOpenedAt), text, colour: '#d55e00' });
  }
  const title = `Resistance at ${placeName(liveDefect.lineId, liveDefect.towerId)}: measured, and the band that weather and load explain`;
  await writeFile(
    path.join(settings.DATA_DIR, 'demo-event.svg'),
    drawEventChart(title, 'ohm', points, marks),
  );
}
