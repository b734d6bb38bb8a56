/** Stores a fitted model as parameters that people can read and one block of weights, and reads it again. */
import { z } from 'zod';
import { BadInput } from '../../../core/domain/failure.ts';
import type { ModelArtifact } from '../../../core/domain/model-artifact.ts';
import { requireShapes, unpackWeights, type NamedWeights } from '../../../core/domain/model-weights.ts';
import type { FittedModel, TrainedSensor } from './fitted-model.ts';
import { headInputSize } from './head.ts';
import { COMPARED } from './peer-board.ts';
import { scoringStateSize } from './scoring-core.ts';
import { shapeSize } from './residual-shape.ts';
import type { ContextNetworkWeights } from './context-network.ts';
import { SPREAD_PARAMETERS, Stem } from './stem.ts';

export const MODEL_NAME = 'impedance-anomaly';

const positive = z.number().positive();

const parametersSchema = z.object({
  channels: z.array(z.string()).min(1),
  context: z.array(z.string()),
  channelScales: z.array(z.object({ logarithmic: z.boolean(), floor: z.number() })),
  contextScaling: z.object({
    mean: z.array(z.number()),
    deviation: z.array(positive),
    lowest: z.array(z.number()),
    highest: z.array(z.number()),
  }),
  timescales: z.object({
    intervalHours: positive,
    horizonsHours: z.tuple([positive, positive, positive, positive]),
    forgettingHours: positive,
    refitHours: positive,
    warmUpHours: positive,
    priorReadings: positive,
  }),
  staleAfterHours: z.array(positive.nullable()),
  kinds: z.array(z.string()),
  calibration: z.object({ slope: positive, intercept: z.number() }),
  alarm: z.object({
    persistenceHours: positive,
    openAbove: z.number(),
    closeBelow: z.number(),
    closeAfterHours: positive,
  }),
  falseAlarmsPerSensorYear: positive,
  hidden: z.int().positive(),
  /** Units of each hidden layer of the shared network; 0 without context. */
  contextHidden: z.int().nonnegative(),
  /** In the order of the rows of the weight `states`. */
  sensors: z.array(z.object({ sensorId: z.string(), site: z.string(), lastObservedAt: z.iso.datetime() })),
});

export interface StoredModel {
  readonly model: FittedModel;
  readonly sensors: readonly TrainedSensor[];
}

export function toParameters({ model, sensors }: StoredModel): Record<string, unknown> {
  const { stem } = model;
  return {
    channels: stem.channels,
    context: stem.context,
    channelScales: stem.channelScales,
    contextScaling: stem.contextScaling,
    timescales: stem.timescales,
    staleAfterHours: stem.staleAfterHours,
    kinds: model.kinds,
    calibration: model.calibration,
    alarm: model.alarm,
    falseAlarmsPerSensorYear: model.falseAlarmsPerSensorYear,
    hidden: model.head.hiddenBias.length,
    contextHidden: stem.network?.firstBias.length ?? 0,
    sensors: sensors.map(({ sensorId, site, lastObservedAt }) => ({
      sensorId,
      site,
      lastObservedAt: new Date(lastObservedAt).toISOString(),
    })),
  };
}

export function toWeights({ model, sensors }: StoredModel): NamedWeights {
  const { stem, head } = model;
  const values: Record<string, Float32Array> = {
    'stem/gram': stem.prior.gram,
    'stem/coefficients': stem.prior.coefficients,
    'stem/spread': stem.spread,
    ...(stem.network && namedNetwork(stem.network)),
    'learner/scale': stem.shapeScale,
    'learner/shared': stem.shared,
    'task/hiddenKernel': head.hiddenKernel,
    'task/hiddenBias': head.hiddenBias,
    'task/outputKernel': head.outputKernel,
    'task/skipKernel': head.skipKernel,
    'task/outputBias': head.outputBias,
    'task/directions': head.directions,
  };
  const hidden = { context: stem.network?.firstBias.length ?? 0, head: head.hiddenBias.length };
  const shapes = expectedShapes(new Stem(stem), model.kinds.length, hidden, sensors.length);
  const [, stateSize] = shapes.states!;
  const states = new Float32Array(sensors.length * stateSize!);
  for (const [row, { state }] of sensors.entries()) states.set(state, row * stateSize!);
  values.states = states;
  return Object.fromEntries(
    Object.entries(values).map(([name, column]) => [name, { shape: shapes[name]!, values: column }]),
  );
}

/** Throws BadInput that names what does not fit. */
export function fromArtifact({ manifest, weights }: ModelArtifact): StoredModel {
  if (manifest.model !== MODEL_NAME) {
    throw new BadInput(
      'model-mismatch',
      `This is a model ${manifest.model} where ${MODEL_NAME} is expected.`,
    );
  }
  const parsed = parametersSchema.safeParse(manifest.parameters);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue?.path.join('.') ?? '';
    throw new BadInput(
      'model-parameters',
      `Parameter ${where} of the model does not fit: ${issue?.message}.`,
    );
  }
  const { data } = parsed;
  const named = unpackWeights({ entries: manifest.weights, bytes: weights });
  const take = (name: string): Float32Array => named[name]?.values ?? new Float32Array(0);
  const { channels, context, channelScales, contextScaling, timescales, staleAfterHours } = data;
  const prior = { gram: take('stem/gram'), coefficients: take('stem/coefficients') };
  const shapeScale = take('learner/scale');
  const shared = take('learner/shared');
  const spread = take('stem/spread');
  const scales = { channelScales, contextScaling, timescales, staleAfterHours };
  const network = context.length === 0 ? null : takeNetwork(take);
  const stem = { channels, context, ...scales, network, prior, spread, shapeScale, shared };
  requireLengths(data);
  const hidden = { context: data.contextHidden, head: data.hidden };
  const shapes = expectedShapes(new Stem(stem), data.kinds.length, hidden, data.sensors.length);
  requireShapes(manifest.weights, shapes);
  const head = {
    hiddenKernel: take('task/hiddenKernel'),
    hiddenBias: take('task/hiddenBias'),
    outputKernel: take('task/outputKernel'),
    skipKernel: take('task/skipKernel'),
    outputBias: take('task/outputBias'),
    directions: take('task/directions'),
  };
  const stateSize = shapes.states![1]!;
  const sensors = data.sensors.map(({ sensorId, site, lastObservedAt }, row) => ({
    sensorId,
    site,
    lastObservedAt: Date.parse(lastObservedAt),
    state: take('states').subarray(row * stateSize, (row + 1) * stateSize),
  }));
  const { kinds, calibration, alarm, falseAlarmsPerSensorYear } = data;
  return { model: { stem, head, kinds, calibration, alarm, falseAlarmsPerSensorYear }, sensors };
}

const NETWORK_PARTS = [
  'firstKernel',
  'firstBias',
  'secondKernel',
  'secondBias',
  'outputKernel',
  'skipKernel',
  'outputBias',
] as const;

function namedNetwork(network: ContextNetworkWeights): Record<string, Float32Array> {
  return Object.fromEntries(NETWORK_PARTS.map((part) => [`stem/network/${part}`, network[part]]));
}

function takeNetwork(take: (name: string) => Float32Array): ContextNetworkWeights {
  return Object.fromEntries(
    NETWORK_PARTS.map((part) => [part, take(`stem/network/${part}`)]),
  ) as unknown as ContextNetworkWeights;
}

function requireLengths(data: z.infer<typeof parametersSchema>): void {
  const { channels, context, channelScales, contextScaling } = data;
  const fits =
    channelScales.length === channels.length &&
    data.staleAfterHours.length === channels.length + context.length &&
    Object.values(contextScaling).every((column) => column.length === context.length);
  if (fits) return;
  throw new BadInput(
    'model-parameters',
    'The model does not give one scale for each channel and context column.',
  );
}

function expectedShapes(
  stem: Stem,
  kinds: number,
  hidden: { readonly context: number; readonly head: number },
  sensors: number,
): Record<string, readonly number[]> {
  const channels = stem.parameters.channels.length;
  const regressors = stem.regressors.length;
  const features = shapeSize(stem.parameters.context.length);
  const inputs = headInputSize(channels, features);
  const contextInputs = stem.features.size;
  const network = {
    'stem/network/firstKernel': [contextInputs, hidden.context],
    'stem/network/firstBias': [hidden.context],
    'stem/network/secondKernel': [hidden.context, hidden.context],
    'stem/network/secondBias': [hidden.context],
    'stem/network/outputKernel': [hidden.context, 2 * channels],
    'stem/network/skipKernel': [contextInputs, 2 * channels],
    'stem/network/outputBias': [2 * channels],
  };
  return {
    ...(contextInputs > 0 && network),
    'stem/gram': [channels, (regressors * (regressors + 1)) / 2],
    'stem/coefficients': [channels, regressors],
    'stem/spread': [channels, SPREAD_PARAMETERS],
    'learner/scale': [channels, features],
    'learner/shared': [channels, COMPARED],
    'task/hiddenKernel': [inputs, hidden.head],
    'task/hiddenBias': [hidden.head],
    'task/outputKernel': [hidden.head, 1 + kinds],
    'task/skipKernel': [inputs, 1 + kinds],
    'task/outputBias': [1 + kinds],
    'task/directions': [channels, 2],
    states: [sensors, scoringStateSize(stem)],
  };
}
