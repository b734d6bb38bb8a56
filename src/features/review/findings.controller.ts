/** The door for what inspections said of towers. */
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { readChoice, readPageRequest, toPage } from '../../core/domain/page.ts';
import { Answers, AnswersPage, openApiSchema } from '../../platform/ops/openapi.ts';
import { FindingRepository } from '../../platform/storage/finding-repository.ts';
import { AddFinding } from './add-finding.ts';
import { findingDetail, findingSummary, summariseFinding, type FindingDetail } from './describe-finding.ts';
import { missedDefectBody, readBody } from './read-decision.ts';
import { ShowFinding } from './show-finding.ts';

@ApiTags('review')
@Controller('v1/findings')
export class FindingsController {
  constructor(
    @Inject(FindingRepository) private readonly findings: FindingRepository,
    @Inject(ShowFinding) private readonly showFinding: ShowFinding,
    @Inject(AddFinding) private readonly addFinding: AddFinding,
  ) {}

  @Get()
  @ApiOperation({ summary: 'What inspections said of towers: one finding a physical defect.' })
  @AnswersPage(findingSummary, { line: 'Line id', tower: 'Tower id', outcome: 'clean or defect' })
  async list(
    @Query('limit') limit?: string,
    @Query('cursor') cursor?: string,
    @Query('line') line?: string,
    @Query('tower') tower?: string,
    @Query('outcome') outcome?: string,
  ): Promise<unknown> {
    const page = readPageRequest(limit, cursor);
    const filter = {
      line: line ?? null,
      tower: tower ?? null,
      outcome: readChoice('outcome', outcome, ['clean', 'defect']),
    };
    const rows = await this.findings.list(page, filter);
    return toPage(rows, page, (row) => [row.inspected_at.toISOString(), row.finding_id], summariseFinding);
  }

  @Get(':findingId')
  @ApiOperation({
    summary: 'One finding with its boxes and what people said of it; its ETag is its revision.',
  })
  @ApiQuery({
    name: 'reviewer',
    required: false,
    description: 'who asks: somebody who is to give a second opinion is not shown the first',
  })
  @Answers(200, 'The finding', findingDetail)
  async show(
    @Param('findingId') findingId: string,
    @Res({ passthrough: true }) response: Response,
    @Query('reviewer') reviewer?: string,
  ): Promise<FindingDetail> {
    const finding = await this.showFinding.show(findingId, reviewer?.trim() || null);
    response.setHeader('ETag', `"${finding.revision}"`);
    return finding;
  }

  @Post()
  @HttpCode(201)
  @ApiOperation({ summary: 'Add a defect that the detector missed, with its box.' })
  @ApiBody({ schema: openApiSchema(missedDefectBody) })
  @Answers(201, 'The finding', findingDetail)
  async add(@Body() body: unknown): Promise<FindingDetail> {
    return this.showFinding.show(await this.addFinding.add(readBody(missedDefectBody, body)));
  }
}
