/** The door for boxes that people drew with other tools. */
import { Body, Controller, HttpCode, Inject, Post, UploadedFile, UseInterceptors } from '@nestjs/common';
import { FileInterceptor } from '@nestjs/platform-express';
import { ApiBody, ApiConsumes, ApiOperation, ApiTags } from '@nestjs/swagger';
import { rm } from 'node:fs/promises';
import { z } from 'zod';
import { ANNOTATION_FORMS } from '../../core/annotation/annotation.ts';
import { BadInput } from '../../core/domain/failure.ts';
import { Answers } from '../../platform/ops/openapi.ts';
import { ImportAnnotations, type AnnotationReport } from './import-annotations.ts';
import { openAnnotated } from './open-annotated.ts';
import { readForm } from './read-selection.ts';

const FIELD = 'annotations';

const report = z.object({
  pictures: z.number().int(),
  takenIn: z.number().int(),
  added: z.number().int(),
  confirmed: z.number().int(),
  corrected: z.number().int().describe('the detector’s box was right but lay elsewhere'),
  reclassed: z.number().int().describe('it lay right but shows something else'),
  known: z.number().int().describe('boxes that say what is known'),
  proposals: z.number().int().describe('boxes of a detector that nobody has judged: passed over'),
  problems: z.array(z.string()).describe('what could not be taken, with its file and place in the set'),
});

@ApiTags('exchange')
@Controller('v1/import')
export class ImportController {
  constructor(@Inject(ImportAnnotations) private readonly annotations: ImportAnnotations) {}

  @Post('annotations')
  @HttpCode(200)
  @UseInterceptors(FileInterceptor(FIELD))
  @ApiOperation({
    summary:
      'Take in boxes that people drew, of photographs that are known; the same set twice says nothing new.',
  })
  @ApiConsumes('multipart/form-data')
  @ApiBody({
    schema: {
      type: 'object',
      required: [FIELD, 'form'],
      properties: {
        form: { type: 'string', enum: [...ANNOTATION_FORMS] },
        reviewer: { type: 'string', description: 'Whose word the boxes are, where the set does not say' },
        [FIELD]: { type: 'string', format: 'binary', description: 'A ZIP of the set; of COCO also its JSON' },
      },
    },
  })
  @Answers(200, 'What became of the boxes', report)
  async importAnnotations(
    @UploadedFile() file: Express.Multer.File | undefined,
    @Body() fields: { readonly form?: string; readonly reviewer?: string } | undefined,
  ): Promise<AnnotationReport> {
    try {
      const form = readForm(fields?.form, ANNOTATION_FORMS);
      const reviewer = readReviewer(fields?.reviewer);
      if (!file) {
        throw new BadInput('no-annotations', `Send the set as a file in the multipart field "${FIELD}".`);
      }
      return await openAnnotated(file.path, form, (place) =>
        this.annotations.run({ form, ...place, reviewer }),
      );
    } finally {
      if (file) await rm(file.path, { force: true });
    }
  }
}

function readReviewer(name: string | undefined): string {
  if (name === undefined || name === '') return 'import';
  if (name.length <= 100 && !/\p{C}/u.test(name)) return name;
  throw new BadInput('bad-reviewer', 'reviewer must be a name of at most 100 characters.');
}
