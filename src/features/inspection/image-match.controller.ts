/** The door at which people say which tower a photograph shows. */
import { Body, Controller, HttpCode, Inject, Param, Post, Put } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { BadInput } from '../../core/domain/failure.ts';
import { Answers, openApiSchema } from '../../platform/ops/openapi.ts';
import { ImageRepository } from '../../platform/storage/image-repository.ts';
import { imageSummary, summariseImage } from './describe-image.ts';
import { findImage } from './find-image.ts';
import { TowerMatching } from './intake/tower-matching.ts';

const choice = z.object({
  tower: z
    .object({ lineId: z.string(), towerId: z.string() })
    .nullable()
    .describe('null where the photograph shows no tower'),
  revision: z.number().int().describe('of the match that was looked at'),
  by: z.string().trim().min(1).max(100).describe('who says so'),
});

const outcome = z.object({
  waiting: z.number().describe('photographs that waited for a tower'),
  matched: z.number().describe('of them have one now'),
});

@ApiTags('inspection')
@Controller('v1/images')
export class ImageMatchController {
  constructor(
    @Inject(ImageRepository) private readonly images: ImageRepository,
    @Inject(TowerMatching) private readonly matching: TowerMatching,
  ) {}

  @Put(':imageId/match')
  @ApiOperation({ summary: 'Say which tower a photograph shows; 409 when somebody else said so meanwhile.' })
  @ApiBody({ schema: openApiSchema(choice) })
  @Answers(200, 'The photograph', imageSummary)
  async confirm(
    @Param('imageId') imageId: string,
    @Body() body: unknown,
  ): Promise<z.input<typeof imageSummary>> {
    await findImage(this.images, imageId);
    const parsed = choice.safeParse(body);
    if (!parsed.success) {
      throw new BadInput('bad-match', `The match can't be read: ${z.prettifyError(parsed.error)}`);
    }
    return summariseImage(await this.matching.confirm(imageId, parsed.data));
  }

  @Post('match')
  @HttpCode(200)
  @ApiOperation({ summary: 'Match anew what waits for a tower, after towers were registered or moved.' })
  @Answers(200, 'What came of it', outcome)
  async matchWaiting(): Promise<z.input<typeof outcome>> {
    return this.matching.matchWaiting();
  }
}
