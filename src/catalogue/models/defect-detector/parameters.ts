/** What the detector needs beside its weights: calibration, thresholds, and the spaces its heads were taught in. */
import { z } from 'zod';
import { BadInput } from '../../../core/domain/failure.ts';
import { DEFECT_CATEGORIES, decision, OBJECT_CATEGORIES } from './defaults.ts';

export type DetectionCategory = (typeof OBJECT_CATEGORIES)[number] | (typeof DEFECT_CATEGORIES)[number];
export const DETECTION_CATEGORIES: readonly DetectionCategory[] = [
  ...OBJECT_CATEGORIES,
  ...DEFECT_CATEGORIES,
];

/** probability = sigmoid(slope * logit + intercept); for a defect, given that the object is there. */
const plattSchema = z.object({ slope: z.number().positive(), intercept: z.number() });
const probability = z.number().min(0).max(1);
const spaceSchema = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 in hexadecimal digits');

function perCategory<Schema extends z.ZodType>(schema: Schema) {
  return z.object({
    insulator: schema,
    joint: schema,
    broken_insulator: schema,
    failing_joint: schema,
  } satisfies Record<DetectionCategory, Schema>);
}

const parametersSchema = z.object({
  calibration: perCategory(plattSchema),
  /** Calibrated probability from which a category is reported. */
  thresholds: perCategory(probability),
  /** In which embedding spaces the heads learned: a stem or learner of another space does not fit them. */
  spaces: z.object({ stem: spaceSchema, learner: spaceSchema, embedding: spaceSchema }),
});

export type DetectorParameters = z.infer<typeof parametersSchema>;
export type DetectorSpaces = DetectorParameters['spaces'];

export function parseParameters(parameters: Readonly<Record<string, unknown>>): DetectorParameters {
  const parsed = parametersSchema.safeParse(parameters);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new BadInput(
    'model-parameters',
    `The detector's parameters do not fit: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unreadable'}.`,
  );
}

/** Before any calibration: raw probabilities, one threshold for all. */
export function uncalibrated(spaces: DetectorSpaces): DetectorParameters {
  const same = <T>(value: T): Record<DetectionCategory, T> => ({
    insulator: value,
    joint: value,
    broken_insulator: value,
    failing_joint: value,
  });
  return {
    calibration: same({ slope: 1, intercept: 0 }),
    thresholds: same(decision.threshold),
    spaces,
  };
}
