/** Wires the doors through which data is exchanged with other tools and with people. */
import { Module, type DynamicModule } from '@nestjs/common';
import { MulterModule } from '@nestjs/platform-express';
import { BlobStore } from '../../platform/blobs/blob-store.ts';
import type { Platform } from '../../platform/start-platform.ts';
import { AnnotationCategoryRepository } from '../../platform/storage/annotation-category-repository.ts';
import { AnnotationExportRepository } from '../../platform/storage/annotation-export-repository.ts';
import { AnnotationImportRepository } from '../../platform/storage/annotation-import-repository.ts';
import { Database } from '../../platform/storage/database.ts';
import { ExportAnnotations } from './export-annotations.ts';
import { ExportController } from './export.controller.ts';
import { ImportAnnotations } from './import-annotations.ts';
import { ImportController } from './import.controller.ts';

/** Annotations of a hundred thousand photographs, packed or not. */
const MOST_BYTES = 500e6;

@Module({})
export class ExchangeApiModule {
  static of({ blobs }: Platform): DynamicModule {
    return {
      module: ExchangeApiModule,
      imports: [
        MulterModule.register({ dest: blobs.incomingFolder, limits: { fileSize: MOST_BYTES, files: 1 } }),
      ],
      controllers: [ExportController, ImportController],
      providers: [
        {
          provide: ExportAnnotations,
          inject: [AnnotationExportRepository, AnnotationCategoryRepository, BlobStore],
          useFactory: (...parts: ConstructorParameters<typeof ExportAnnotations>) =>
            new ExportAnnotations(...parts),
        },
        {
          provide: ImportAnnotations,
          inject: [Database, AnnotationImportRepository, AnnotationCategoryRepository],
          useFactory: (
            database: Database,
            annotations: AnnotationImportRepository,
            categories: AnnotationCategoryRepository,
          ) => new ImportAnnotations(database, annotations, categories, null),
        },
      ],
    };
  }
}
