/** The door for anomaly events: what the sensors say between flights, and why. */
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { BadInput } from '../../core/domain/failure.ts';
import { readChoice, readPageRequest, toPage } from '../../core/domain/page.ts';
import { Answers, AnswersPage } from '../../platform/ops/openapi.ts';
import { AnomalyEventRepository, type EventRow } from '../../platform/storage/anomaly-event-repository.ts';

const anomalyEvent = z.object({
  anomalyEventId: z.uuid(),
  sensorId: z.string(),
  lineId: z.string(),
  towerId: z.string(),
  kind: z.string().describe('Most likely defect, or "anomaly" where no label taught a kind'),
  openedAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  closedAt: z.iso.datetime().nullable(),
  peakScore: z.number(),
  modelVersion: z.string(),
  reasons: z.record(z.string(), z.unknown()).describe('Sentence, channels, context at the time, last looks'),
});

@ApiTags('anomalies')
@Controller('v1/anomaly-events')
export class AnomalyEventsController {
  constructor(@Inject(AnomalyEventRepository) private readonly events: AnomalyEventRepository) {}

  @Get()
  @ApiOperation({ summary: 'Anomaly events with their reasons.' })
  @AnswersPage(anomalyEvent, { line: 'Line id', tower: 'Tower id', open: 'true or false' })
  async list(
    @Query('limit') limit?: string,
    @Query('cursor') cursor?: string,
    @Query('line') line?: string,
    @Query('tower') tower?: string,
    @Query('open') open?: string,
  ): Promise<unknown> {
    const page = readPageRequest(limit, cursor);
    const choice = readChoice('open', open, ['true', 'false']);
    const filter = {
      line: line ?? null,
      tower: tower ?? null,
      open: choice === null ? null : choice === 'true',
    };
    const rows = await this.events.list(page, filter);
    return toPage(rows, page, (row) => [row.opened_at.toISOString(), row.anomaly_event_id], describe);
  }

  @Get(':eventId')
  @ApiOperation({ summary: 'One anomaly event.' })
  @Answers(200, 'The event', anomalyEvent)
  async show(@Param('eventId') eventId: string): Promise<z.input<typeof anomalyEvent>> {
    const row = z.uuid().safeParse(eventId).success ? await this.events.find(eventId) : null;
    if (!row) throw new BadInput('not-found', `There is no anomaly event ${eventId}.`);
    return describe(row);
  }
}

function describe(row: EventRow): z.input<typeof anomalyEvent> {
  return {
    anomalyEventId: row.anomaly_event_id,
    sensorId: row.sensor_id,
    lineId: row.line_id,
    towerId: row.tower_id,
    kind: row.kind,
    openedAt: row.opened_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    closedAt: row.closed_at?.toISOString() ?? null,
    peakScore: row.peak_score,
    modelVersion: row.model_version,
    reasons: { ...row.reasons },
  };
}
