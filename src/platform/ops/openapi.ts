/** Publishes the HTTP door's description, made from the same zod schemas that the code uses. */
import type { INestApplication } from '@nestjs/common';
import { ApiQuery, ApiResponse, DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { applyDecorators } from '@nestjs/common';
import { z } from 'zod';

type OpenApiSchema =
  Exclude<NonNullable<Parameters<typeof ApiResponse>[0]>, { type: unknown }> extends infer Options
    ? Options extends { schema: infer Schema }
      ? Schema
      : never
    : never;

/** A zod schema as OpenAPI writes it. */
export function openApiSchema(schema: z.ZodType): OpenApiSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    target: 'openapi-3.0',
    unrepresentable: 'any',
  }) as Record<string, unknown>;
  return rest;
}

export function Answers(status: number, description: string, schema: z.ZodType): MethodDecorator {
  return ApiResponse({ status, description, schema: openApiSchema(schema) });
}

/** A list read page by page, with the filters it takes. */
export function AnswersPage(item: z.ZodType, filters: Readonly<Record<string, string>>): MethodDecorator {
  const page = z.object({ items: z.array(item), nextCursor: z.string().nullable() });
  return applyDecorators(
    Answers(200, 'One page, newest first', page),
    ApiQuery({ name: 'limit', required: false, description: 'Rows a page, 1 to 500; 50 by default' }),
    ApiQuery({ name: 'cursor', required: false, description: 'nextCursor of the page before' }),
    ...Object.entries(filters).map(([name, description]) => ApiQuery({ name, required: false, description })),
  );
}

/** Serves `/openapi.json` and `/docs`. */
export function publishOpenApi(app: INestApplication, version: string): void {
  const description = 'Drones teach the impedance sensors of a power line what to look for.';
  const options = new DocumentBuilder()
    .setTitle('Spanwatch')
    .setDescription(description)
    .setVersion(version)
    .build();
  const document = SwaggerModule.createDocument(app, options);
  SwaggerModule.setup('docs', app, document, { jsonDocumentUrl: 'openapi.json' });
}
