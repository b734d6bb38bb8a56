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
import { readChoice, readPageRequest, toPage } from '../../core/domain/page.ts';
import { Answers, AnswersPage } from '../../platform/ops/openapi.ts';
import { describeProblem, type Problem } from '../../platform/ops/problem-filter.ts';
import { ImageRepository, type ImageRow } from '../../platform/storage/image-repository.ts';
import { toDetection } from './detection-row.ts';
import { ImageIntake } from './image-intake.ts';

const imageState = z.enum(['queued', 'analysed', 'failed']);

const uploaded = z.array(
  z.object({
    imageId: z.uuid().nullable(),
    status: z.enum([...imageState.options, 'rejected']),
    fileName: z.string(),
    problem: z.record(z.string(), z.unknown()).optional(),
  }),
);
type Uploaded = z.infer<typeof uploaded>[number];

const imageSummary = z.object({
  imageId: z.uuid(),
  status: imageState,
  failure: z.string().nullable(),
  fileName: z.string(),
  mediaType: z.string(),
  sha256: z.string(),
  widthPx: z.number(),
  heightPx: z.number(),
  takenAt: z.iso.datetime().nullable(),
  flightId: z.string().nullable(),
  tower: z
    .object({ lineId: z.string(), towerId: z.string(), distanceMetre: z.number().nullable() })
    .nullable(),
});

const imageDetail = imageSummary.extend({
  detections: z.array(
    z.object({
      category: z.string(),
      score: z.number(),
      bbox: z.array(z.number()).length(4).describe('x, y, width, height in pixels'),
    }),
  ),
  detectorVersion: z.string().nullable(),
});

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
    @UploadedFiles() files: Express.Multer.File[] | undefined,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Uploaded[] | Problem> {
    const received = files ?? [];
    try {
      const results = await this.takeIn(received, readFlightId(request.body), request.originalUrl);
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
  private async takeIn(
    files: Express.Multer.File[],
    flightId: string | null,
    url: string,
  ): Promise<Uploaded[]> {
    const images = files.filter((file) => file.fieldname === 'image');
    if (images.length === 0 || images.length < files.length) {
      throw new BadInput(
        'no-image',
        'Send each photograph as a file in the multipart field "image", and no other files.',
      );
    }
    const results: Uploaded[] = [];
    for (const { path, originalname: fileName, size: byteCount } of images) {
      const result = await this.intake.accept({ path, fileName, byteCount, flightId }).then(
        (accepted): Uploaded => ({ ...accepted, fileName }),
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
  @AnswersPage(imageSummary, { status: 'queued, analysed or failed' })
  async list(
    @Query('limit') limit?: string,
    @Query('cursor') cursor?: string,
    @Query('status') status?: string,
  ): Promise<unknown> {
    const page = readPageRequest(limit, cursor);
    const rows = await this.images.list(page, readChoice('status', status, imageState.options));
    return toPage(rows, page, (row) => [row.received_at.toISOString(), row.image_id], summarise);
  }

  @Get(':imageId')
  @ApiOperation({ summary: 'State, tower match and detections of one photograph.' })
  @Answers(200, 'The photograph', imageDetail)
  async show(@Param('imageId') imageId: string): Promise<z.input<typeof imageDetail>> {
    const row = z.uuid().safeParse(imageId).success ? await this.images.find(imageId) : null;
    if (!row) throw new BadInput('not-found', `There is no image ${imageId}.`);
    const detections = (await this.images.detectionsOf([imageId])).map(toDetection);
    return {
      ...summarise(row),
      detectorVersion: row.detector_version,
      detections: detections.map(({ category, score, bbox }) => ({ category, score, bbox: [...bbox] })),
    };
  }
}

function readFlightId(body: unknown): string | null {
  const flightId = (body as { flightId?: unknown } | undefined)?.flightId;
  if (flightId === undefined || flightId === '') return null;
  if (typeof flightId === 'string' && /^[A-Za-z0-9_.:-]{1,64}$/.test(flightId)) return flightId;
  throw new BadInput(
    'bad-flight',
    'flightId must be 1 to 64 letters, digits, dots, colons, hyphens or underscores.',
  );
}

function summarise(row: ImageRow): z.input<typeof imageSummary> {
  const { line_id: lineId, tower_id: towerId } = row;
  return {
    imageId: row.image_id,
    status: row.state,
    failure: row.failure,
    fileName: row.file_name,
    mediaType: row.media_type,
    sha256: row.sha256,
    widthPx: row.width_px,
    heightPx: row.height_px,
    takenAt: row.taken_at?.toISOString() ?? null,
    flightId: row.flight_id,
    tower: lineId && towerId ? { lineId, towerId, distanceMetre: row.tower_distance_metre } : null,
  };
}
