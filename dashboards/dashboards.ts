/** Every dashboard: a folder and one line here. */
import type { Board } from './house/board.ts';
import { fleet } from './fleet/fleet.ts';
import { ingestHealth } from './ingest-health/ingest-health.ts';
import { inspection } from './inspection/inspection.ts';
import { line } from './line/line.ts';
import { modelQuality } from './model-quality/model-quality.ts';
import { tower } from './tower/tower.ts';

export const dashboards: readonly Board[] = [fleet, line, tower, inspection, ingestHealth, modelQuality];
