/** Wires the doors through which data is exchanged with other tools and with people. */
import { Module, type DynamicModule } from '@nestjs/common';
import { MulterModule } from '@nestjs/platform-express';
import { BlobStore } from '../../platform/blobs/blob-store.ts';
import type { Platform } from '../../platform/start-platform.ts';
import { AnnotationCategoryRepository } from '../../platform/storage/annotation-category-repository.ts';
import { AnnotationExportRepository } from '../../platform/storage/annotation-export-repository.ts';
import { NamedPictureRepository } from '../../platform/storage/named-picture-repository.ts';
import { AssetRepository } from '../../platform/storage/asset-repository.ts';
import { Database } from '../../platform/storage/database.ts';
import { AnnotationRepository } from '../../platform/storage/annotation-repository.ts';
import { FindingRepository } from '../../platform/storage/finding-repository.ts';
import { FlightReportRepository } from '../../platform/storage/flight-report-repository.ts';
import { TowerReportRepository } from '../../platform/storage/tower-report-repository.ts';
import { ExportAnnotations } from './export-annotations.ts';
import { ExportController } from './export.controller.ts';
import { ImportAnnotations } from './import-annotations.ts';
import { ImportController } from './import.controller.ts';
import { Reports } from './reports.ts';
import { ReportsController } from './reports.controller.ts';

/** Annotations of a hundred thousand photographs, packed or not. */
const MOST_BYTES = 500e6;

@Module({})
export class ExchangeApiModule {
  static of({ blobs, settings }: Platform): DynamicModule {
    return {
      module: ExchangeApiModule,
      imports: [
        MulterModule.register({ dest: blobs.incomingFolder, limits: { fileSize: MOST_BYTES, files: 1 } }),
      ],
      controllers: [ExportController, ImportController, ReportsController],
      providers: [
        {
          provide: ExportAnnotations,
          inject: [AnnotationExportRepository, AnnotationCategoryRepository, BlobStore],
          useFactory: (...parts: ConstructorParameters<typeof ExportAnnotations>) =>
            new ExportAnnotations(...parts),
        },
        {
          provide: ImportAnnotations,
          inject: [
            Database,
            NamedPictureRepository,
            AnnotationRepository,
            FindingRepository,
            AnnotationCategoryRepository,
          ],
          useFactory: (
            database: Database,
            pictures: NamedPictureRepository,
            annotations: AnnotationRepository,
            findings: FindingRepository,
            categories: AnnotationCategoryRepository,
          ) => new ImportAnnotations(database, pictures, annotations, findings, categories, null),
        },
        {
          provide: Reports,
          inject: [TowerReportRepository, FlightReportRepository, AssetRepository],
          useFactory: (
            towers: TowerReportRepository,
            flights: FlightReportRepository,
            assets: AssetRepository,
          ) => new Reports(towers, flights, assets, blobs, settings.MAX_IMAGE_MEGAPIXELS),
        },
      ],
    };
  }
}
