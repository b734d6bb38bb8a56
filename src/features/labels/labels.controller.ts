/** The door for what training may believe. */
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { readPageRequest, toPage } from '../../core/domain/page.ts';
import { AnswersPage } from '../../platform/ops/openapi.ts';
import { LabelRepository, type LabelRow } from '../../platform/storage/label-repository.ts';

const label = z.object({
  labelId: z.uuid(),
  sensorId: z.string(),
  kind: z.string(),
  state: z.enum(['clean', 'defect', 'unknown']),
  fromAt: z.iso.datetime(),
  toAt: z.iso.datetime(),
  probability: z.number(),
  findingIds: z.array(z.uuid()),
  author: z.string(),
  source: z.string(),
  supersedes: z.uuid().nullable(),
});

@ApiTags('labels')
@Controller('v1/labels')
export class LabelsController {
  constructor(@Inject(LabelRepository) private readonly labels: LabelRepository) {}

  @Get()
  @ApiOperation({ summary: 'Labels, superseded ones included.' })
  @AnswersPage(label, { sensor: 'Sensor id' })
  async list(
    @Query('limit') limit?: string,
    @Query('cursor') cursor?: string,
    @Query('sensor') sensor?: string,
  ): Promise<unknown> {
    const page = readPageRequest(limit, cursor);
    const rows = await this.labels.list(page, sensor ?? null);
    return toPage(rows, page, (row) => [row.created_at.toISOString(), row.label_id], describe);
  }
}

function describe(row: LabelRow): z.input<typeof label> {
  return {
    labelId: row.label_id,
    sensorId: row.sensor_id,
    kind: row.kind,
    state: row.state,
    fromAt: row.from_at.toISOString(),
    toAt: row.to_at.toISOString(),
    probability: row.probability,
    findingIds: row.finding_ids,
    author: row.author,
    source: row.source,
    supersedes: row.supersedes,
  };
}
