/** What the detector needs beside its weights: its classes with calibration and threshold, and the spaces its parts were taught in. */
import { z } from 'zod';
import { BadInput } from '../../../core/domain/failure.ts';
import { decision, type ObjectClass } from './defaults.ts';

const spaceSchema = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 in hexadecimal digits');

const classSchema = z.object({
  name: z.string().min(1),
  kind: z.enum(['object', 'defect']),
  /** Half the side of a usual box of this class, px of the network's frame: what the first stage measures in. */
  basePixels: z.number().positive(),
  /** probability = sigmoid(slope * logit + intercept) */
  calibration: z.object({ slope: z.number().positive(), intercept: z.number() }),
  /** Calibrated probability from which the class is reported. */
  threshold: z.number().min(0).max(1),
});

const parametersSchema = z.object({
  /** In the order of the tensors. */
  classes: z
    .array(classSchema)
    .min(1)
    .refine((classes) => new Set(classes.map(({ name }) => name)).size === classes.length, 'names twice'),
  /** In which embedding spaces the parts learned: a stem or learner of another space does not fit them. */
  spaces: z.object({ stem: spaceSchema, learner: spaceSchema, embedding: spaceSchema }),
});

export type DetectorParameters = z.infer<typeof parametersSchema>;
export type DetectorClass = DetectorParameters['classes'][number];
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
export function uncalibrated(classes: readonly (ObjectClass & { basePixels: number })[]): DetectorClass[] {
  return classes.map(({ name, kind, basePixels }) => ({
    name,
    kind,
    basePixels,
    calibration: { slope: 1, intercept: 0 },
    threshold: decision.threshold[kind],
  }));
}
