/** Reads `model.json`, refusing what is not a manifest of this format. */
import { z } from 'zod';
import { BadInput } from '../../core/domain/failure.ts';
import type { ModelManifest } from '../../core/domain/model-artifact.ts';

const FORMAT_VERSION = 1;

const record = z.record(z.string(), z.unknown());

const manifestSchema = z.object({
  formatVersion: z.literal(FORMAT_VERSION),
  model: z.string().min(1),
  version: z.string().regex(/^[A-Za-z0-9._-]+$/, 'letters, digits, ".", "_" and "-" only'),
  createdAt: z.iso.datetime(),
  record,
  metrics: record,
  parameters: record,
  weights: z.array(
    z.object({
      name: z.string().min(1),
      shape: z.array(z.int().nonnegative()),
      byteOffset: z.int().nonnegative(),
      precision: z.enum(['float32', 'float16']).exactOptional(),
    }),
  ),
  weightsSha256: z.string().regex(/^[0-9a-f]{64}$/, '64 hexadecimal digits'),
});

/** @param where named in the refusal */
export function parseManifest(text: string, where: string): ModelManifest {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new BadInput('model-manifest', `${where} is not JSON.`, {}, { cause });
  }
  const format: unknown =
    typeof json === 'object' && json !== null && 'formatVersion' in json ? json.formatVersion : undefined;
  if (format !== undefined && format !== FORMAT_VERSION) {
    throw new BadInput(
      'model-format',
      `${where} has format ${JSON.stringify(format)}; this version of Spanwatch reads format ${FORMAT_VERSION}.`,
    );
  }
  const parsed = manifestSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new BadInput(
    'model-manifest',
    `${where} is not a model manifest: ${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'unreadable'}.`,
  );
}
