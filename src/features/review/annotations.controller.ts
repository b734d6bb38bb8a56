/** The door for the boxes of a photograph as they stand: the detector's, with people's word in their place. */
import { Controller, Get, Inject, Param } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { BadInput } from '../../core/domain/failure.ts';
import { Answers } from '../../platform/ops/openapi.ts';
import { AnnotationRepository, type AnnotationRow } from '../../platform/storage/annotation-repository.ts';
import { ImageRepository } from '../../platform/storage/image-repository.ts';
import { annotation, describeAnnotation } from './describe-finding.ts';

const answer = z.object({
  imageId: z.uuid(),
  widthPx: z.number().int(),
  heightPx: z.number().int(),
  annotations: z.array(
    annotation.extend({
      detectionId: z.string().nullable().describe('null where a person drew it'),
      reviewedBy: z.string().nullable(),
      reviewedAt: z.iso.datetime().nullable(),
      modelVersion: z.string().nullable(),
    }),
  ),
});

@ApiTags('review')
@Controller('v1/images/:imageId/annotations')
export class AnnotationsController {
  constructor(
    @Inject(ImageRepository) private readonly images: ImageRepository,
    @Inject(AnnotationRepository) private readonly annotations: AnnotationRepository,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Boxes of a photograph as they stand.' })
  @Answers(200, 'The boxes', answer)
  async list(@Param('imageId') imageId: string): Promise<z.input<typeof answer>> {
    const image = z.uuid().safeParse(imageId).success ? await this.images.find(imageId) : null;
    if (!image) throw new BadInput('not-found', `There is no image ${imageId}.`);
    const rows = await this.annotations.ofImages([imageId]);
    return { imageId, widthPx: image.width_px, heightPx: image.height_px, annotations: rows.map(describe) };
  }
}

function describe(row: AnnotationRow): z.input<typeof answer>['annotations'][number] {
  return {
    ...describeAnnotation(row),
    detectionId: row.detection_id,
    reviewedBy: row.reviewed_by,
    reviewedAt: row.reviewed_at?.toISOString() ?? null,
    modelVersion: row.model_version,
  };
}
