/** The door at which people decide on findings. */
import { Body, Controller, Get, Headers, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import { Answers, openApiSchema } from '../../platform/ops/openapi.ts';
import { findingDetail, type FindingDetail } from './describe-finding.ts';
import { askBody, decisionBody, readBody, readRevision } from './read-decision.ts';
import { ReviewFinding } from './review-finding.ts';
import { ShowFinding } from './show-finding.ts';

const IF_MATCH = {
  name: 'If-Match',
  required: false,
  description:
    'ETag of the finding that was looked at: 412 when it was changed meanwhile. Or "revision" in the body: 409',
};
const log = z.object({ reviews: findingDetail.shape.reviews });

@ApiTags('review')
@Controller('v1/findings/:findingId')
export class ReviewsController {
  constructor(
    @Inject(ReviewFinding) private readonly review: ReviewFinding,
    @Inject(ShowFinding) private readonly showFinding: ShowFinding,
  ) {}

  @Get('reviews')
  @ApiOperation({ summary: 'What people said of a finding, oldest first.' })
  @Answers(200, 'The log', log)
  async list(
    @Param('findingId') findingId: string,
    @Query('reviewer') reviewer?: string,
  ): Promise<z.input<typeof log>> {
    const { reviews } = await this.showFinding.show(findingId, reviewer?.trim() || null);
    return { reviews };
  }

  @Post('reviews')
  @HttpCode(201)
  @ApiOperation({
    summary: 'Decide on a finding that was looked at; nobody overwrites what they have not seen.',
  })
  @ApiHeader(IF_MATCH)
  @ApiBody({ schema: openApiSchema(decisionBody) })
  @Answers(201, 'The finding as it is now', findingDetail)
  async decide(
    @Param('findingId') findingId: string,
    @Body() body: unknown,
    @Res({ passthrough: true }) response: Response,
    @Headers('if-match') ifMatch?: string,
  ): Promise<FindingDetail> {
    await this.showFinding.show(findingId);
    const decision = readBody(decisionBody, body);
    await this.review.decide(findingId, readRevision(ifMatch, decision.revision), decision);
    return this.answer(findingId, response);
  }

  @Post('second-opinion')
  @HttpCode(200)
  @ApiOperation({ summary: 'Ask for another person’s opinion, who is not shown those before.' })
  @ApiHeader(IF_MATCH)
  @ApiBody({ schema: openApiSchema(askBody) })
  @Answers(200, 'The finding as it is now', findingDetail)
  async ask(
    @Param('findingId') findingId: string,
    @Body() body: unknown,
    @Res({ passthrough: true }) response: Response,
    @Headers('if-match') ifMatch?: string,
  ): Promise<FindingDetail> {
    await this.showFinding.show(findingId);
    const { revision } = readBody(askBody, body);
    await this.review.askForAnother(findingId, readRevision(ifMatch, revision));
    return this.answer(findingId, response);
  }

  private async answer(findingId: string, response: Response): Promise<FindingDetail> {
    const finding = await this.showFinding.show(findingId);
    response.setHeader('ETag', `"${finding.revision}"`);
    return finding;
  }
}
