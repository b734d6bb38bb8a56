/** The door for photographs: upload them, and ask what became of them. */
import {
  Controller,
  Get,
  HttpCode,
  Inject,
  Param,
  Post,
  Query,
  Req,
  Res,
  UploadedFiles,
  UseInterceptors,
} from '@nestjs/common';
import { AnyFilesInterceptor } from '@nestjs/platform-express';
import { ApiBody, ApiConsumes, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { rm } from 'node:fs/promises';
import { z } from 'zod';
import { BadInput } from '../../core/domain/failure.ts';
import { fileLabel } from '../../core/domain/file-label.ts';
import { QUALITY_FLAGS } from '../../core/domain/image-quality.ts';
import { readChoice, readPageRequest, toPage } from '../../core/domain/page.ts';
import { Answers, AnswersPage } from '../../platform/ops/openapi.ts';
import { describeProblem, type Problem } from '../../platform/ops/problem-filter.ts';
import { ImageRepository } from '../../platform/storage/image-repository.ts';
import { describeImage, imageDetail, imageState, imageSummary, summariseImage } from './describe-image.ts';
import { findImage } from './find-image.ts';
import { ImageIntake } from './intake/image-intake.ts';
import { readFlightId } from './intake/read-flight-id.ts';
import type { ReceivedFile } from './intake/received-file.ts';

const uploaded = z.array(
  z.object({
    imageId: z.uuid().nullable(),
    status: z.enum([...imageState.options, 'rejected']),
    fileName: z.string(),
    quality: z
      .array(z.enum(QUALITY_FLAGS))
      .optional()
      .describe('what makes it too poor to judge by: take another while the drone is there'),
    problem: z.record(z.string(), z.unknown()).optional(),
  }),
);
type Uploaded = z.infer<typeof uploaded>[number];

const QUALITY_FILTERS = ['good', 'poor', ...QUALITY_FLAGS] as const;

@ApiTags('inspection')
@Controller('v1/images')
export class ImagesController {
  constructor(
    @Inject(ImageIntake) private readonly intake: ImageIntake,
    @Inject(ImageRepository) private readonly images: ImageRepository,
  ) {}

  @Post()
  @HttpCode(201)
  @UseInterceptors(AnyFilesInterceptor())
  @ApiOperation({ summary: 'Upload photographs; the same bytes twice are one image.' })
  @ApiConsumes('multipart/form-data')
  @ApiBody({
    schema: {
      type: 'object',
      required: ['image'],
      properties: {
        image: { type: 'array', items: { type: 'string', format: 'binary' } },
        flightId: { type: 'string', description: 'Mission; by default one flight a line and day' },
      },
    },
  })
  @Answers(201, 'What became of each file', uploaded)
  async upload(
    @UploadedFiles() files: ReceivedFile[] | undefined,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Uploaded[] | Problem> {
    const received = files ?? [];
    try {
      const results = await this.takeIn(
        received,
        readFlightId((request.body as { flightId?: unknown } | undefined)?.flightId),
        request.originalUrl,
      );
      const refused = results.every((result) => result.status === 'rejected')
        ? results[0]?.problem
        : undefined;
      if (!refused) return results;
      const problem = refused as Problem;
      response.status(problem.status).type('application/problem+json');
      return results.length === 1 ? problem : { ...problem, files: results };
    } finally {
      await Promise.all(received.map((file) => rm(file.path, { force: true })));
    }
  }

  /** One bad file among good ones costs the good ones nothing. */
  private async takeIn(files: ReceivedFile[], flightId: string | null, url: string): Promise<Uploaded[]> {
    const images = files.filter((file) => file.fieldname === 'image');
    if (images.length === 0 || images.length < files.length) {
      throw new BadInput(
        'no-image',
        'Send each photograph as a file in the multipart field "image", and no other files.',
      );
    }
    const results: Uploaded[] = [];
    for (const { path, originalname, sha256 } of images) {
      const fileName = fileLabel(originalname);
      const result = await this.intake.accept({ path, fileName, sha256, flightId }).then(
        ({ imageId, status, quality }): Uploaded => ({ imageId, status, fileName, quality }),
        (error: unknown): Uploaded => {
          if (!(error instanceof BadInput)) throw error;
          return { imageId: null, status: 'rejected', fileName, problem: describeProblem(error, url) };
        },
      );
      results.push(result);
    }
    return results;
  }

  @Get()
  @ApiOperation({ summary: 'List photographs.' })
  @AnswersPage(imageSummary, {
    status: 'queued, analysed or failed',
    matched: 'false: those that wait for a person to say which tower they show',
    quality: `${QUALITY_FILTERS.join(', ')}`,
  })
  async list(
    @Query('limit') limit?: string,
    @Query('cursor') cursor?: string,
    @Query('status') status?: string,
    @Query('matched') matched?: string,
    @Query('quality') quality?: string,
  ): Promise<unknown> {
    const page = readPageRequest(limit, cursor);
    const state = readChoice('status', status, imageState.options);
    const isMatched = readChoice('matched', matched, ['true', 'false']);
    const rows = await this.images.list(page, {
      state,
      isMatched: isMatched === null ? null : isMatched === 'true',
      quality: readChoice('quality', quality, QUALITY_FILTERS),
    });
    return toPage(rows, page, (row) => [row.received_at.toISOString(), row.image_id], summariseImage);
  }

  @Get(':imageId')
  @ApiOperation({ summary: 'State, tower match and detections of one photograph.' })
  @Answers(200, 'The photograph', imageDetail)
  async show(@Param('imageId') imageId: string): Promise<z.input<typeof imageDetail>> {
    const row = await findImage(this.images, imageId);
    return describeImage(row, await this.images.detectionsOf([imageId]));
  }
}
