/** The only reader of the environment: every setting, checked together and frozen. */
import path from 'node:path';
import { z } from 'zod';
import { readOffset } from './core/domain/capture-time.ts';
import { BadInput } from './core/domain/failure.ts';
import { isSparkplugId } from './core/sparkplug/sparkplug-topic.ts';

const ROLES = ['api', 'ingest', 'worker'] as const;
export type Role = (typeof ROLES)[number];

const portNumber = z.coerce.number().int().min(0).max(65_535);

/** Brokers hold messages for us for a week, and what came so late would be deleted at once. */
const days = z.coerce.number().int().min(7).max(36_500);

function urlOf(protocols: readonly string[]) {
  const allowed = protocols.map((protocol) => `${protocol}://`).join(' or ');
  return z
    .string()
    .refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol.slice(0, -1)), {
      message: `must be a URL that begins with ${allowed}`,
    });
}

const roleList = z
  .string()
  .transform((text) => text.split(',').map((role) => role.trim()))
  .pipe(z.array(z.enum(ROLES, { error: `must be a comma-separated list of ${ROLES.join(', ')}` })).min(1));

/** Name in the environment, schema, and what it is for; the README's table and `doctor` are made of this. */
const definitions = {
  DATABASE_URL: {
    schema: urlOf(['postgres', 'postgresql']).optional(),
    about: 'PostgreSQL or TimescaleDB to use instead of the embedded PostgreSQL',
  },
  MQTT_URL: {
    schema: urlOf(['mqtt', 'mqtts', 'ws', 'wss']).optional(),
    about: 'MQTT broker to use instead of the one in process',
  },
  MQTT_CA: {
    schema: z.string().optional(),
    about: 'PEM file of who signed the broker’s certificate (mqtts), if not a public authority',
  },
  MQTT_CERT: { schema: z.string().optional(), about: 'PEM file of our client certificate for the broker' },
  MQTT_KEY: { schema: z.string().optional(), about: 'PEM file of its key' },
  MQTT_BROKER_LOGIN: {
    schema: z
      .string()
      .regex(/^[^:/@]+:[^:/@]+$/, { error: 'must be user:password, without : / @ in either' })
      .optional(),
    about:
      'user:password that the broker in process asks for; not set, any program on this machine may connect',
  },
  MQTT_GROUP: {
    schema: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,64}$/, { error: 'must be 1 to 64 of A-Z, a-z, 0-9, _ and -' })
      .optional(),
    about: 'ingest processes of one group share the messages; not set, each takes all of them',
  },
  DATA_DIR: {
    schema: z.string().min(1).default('./data'),
    about: 'folder for the embedded database, photographs and models',
  },
  HOST: { schema: z.string().min(1).default('127.0.0.1'), about: 'address that the HTTP door listens on' },
  PORT: { schema: portNumber.default(3000), about: 'port of the HTTP door; 0 takes a free one' },
  MQTT_PORT: {
    schema: portNumber.default(1883),
    about: 'port of the broker in process, on 127.0.0.1; 0 takes a free one',
  },
  ROLES: { schema: roleList.default([...ROLES]), about: 'what this process does: api, ingest, worker' },
  LOG_LEVEL: {
    schema: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info'),
    about: 'least severe log line that is written',
  },
  TFJS_BACKEND: {
    schema: z.enum(['auto', 'native', 'webgpu', 'wasm', 'cpu']).default('auto'),
    about:
      'TensorFlow.js backend; auto takes the first that works of native, webgpu, wasm, cpu, and wasm for anomaly train',
  },
  UNKNOWN_SENSORS: {
    schema: z.enum(['register', 'reject']).default('register'),
    about: 'what happens to a reading of a sensor not seen before',
  },
  SPARKPLUG_HOST_ID: {
    schema: z.string().refine(isSparkplugId, { message: 'must not have +, / or #' }).optional(),
    about: 'name of this Sparkplug B host application, unique at its broker; not set, Sparkplug is off',
  },
  SPARKPLUG_MAP: {
    schema: z.string().min(1).optional(),
    about: 'JSON or YAML file that says which Sparkplug metrics are which sensors; not set, they go by name',
  },
  SPARKPLUG_REORDER_MS: {
    schema: z.coerce.number().int().min(0).max(60_000).default(2_000),
    about: 'how long a missing Sparkplug message is waited for before the edge node is asked for a rebirth',
  },
  READING_RETENTION_DAYS: {
    schema: days.optional(),
    about: 'days for which readings are kept, by the worker role; not set, for ever',
  },
  ROLLUP_RETENTION_DAYS: {
    schema: days.optional(),
    about: 'days for which rollups of 1 and 15 minutes are kept (TimescaleDB Community); not set, for ever',
  },
  WATCH_DIR: {
    schema: z.string().min(1).optional(),
    about: 'folder that the api role watches for photographs; not set, none is watched',
  },
  CAMERA_UTC_OFFSET: {
    schema: z
      .string()
      .refine((text) => readOffset(text) !== null, { message: 'must be an offset such as +02:00' })
      .default('+00:00'),
    about: 'time zone of cameras that do not say theirs, such as +02:00',
  },
  MAX_IMAGE_MEGABYTES: {
    schema: z.coerce.number().positive().max(1_000).default(50),
    about: 'largest photograph that is accepted',
  },
  MAX_IMAGE_MEGAPIXELS: {
    schema: z.coerce.number().positive().max(1_000).default(100),
    about: 'most pixels a photograph may have',
  },
} as const;

type Definitions = typeof definitions;
export type SettingName = keyof Definitions;
export type Settings = { readonly [Name in SettingName]: z.output<Definitions[Name]['schema']> };

export interface SettingReport {
  readonly name: SettingName;
  readonly value: string;
  readonly source: 'environment' | 'command line' | 'default';
  readonly about: string;
}

/**
 * Reads and checks every setting.
 *
 * @param overrides what the command line says; wins over the environment
 * @throws BadInput with every problem, not only the first
 */
export function readSettings(
  overrides: Partial<Record<SettingName, string>> = {},
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Settings {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, { schema }] of Object.entries(definitions)) {
    const text = overrides[name as SettingName] ?? environment[name];
    // An empty variable is how shells and compose files say "not set".
    const parsed = schema.safeParse(text === '' ? undefined : text);
    if (parsed.success) values[name] = parsed.data;
    else problems.push(`${name}=${text}: ${parsed.error.issues.map((issue) => issue.message).join('; ')}`);
  }
  const { READING_RETENTION_DAYS: readings, ROLLUP_RETENTION_DAYS: rollups } = values as Partial<
    Record<string, number>
  >;
  if (rollups !== undefined && !(readings !== undefined && rollups >= readings)) {
    problems.push(
      `ROLLUP_RETENTION_DAYS=${rollups}: must be at least READING_RETENTION_DAYS, which is ${readings ?? 'not set'}: rollups outlive the readings`,
    );
  }
  if (problems.length > 0) throw new BadInput('wrong-settings', `Wrong settings: ${problems.join(' | ')}`);
  values.DATA_DIR = path.resolve(values.DATA_DIR as string);
  return Object.freeze(values) as Settings;
}

/** Null keeps for ever. */
export function retentionDays(settings: Settings): {
  readonly readings: number | null;
  readonly rollups: number | null;
} {
  return {
    readings: settings.READING_RETENTION_DAYS ?? null,
    rollups: settings.ROLLUP_RETENTION_DAYS ?? null,
  };
}

/** Every setting with its value and where it came from; secrets in URLs are masked. */
export function reportSettings(
  settings: Settings,
  overrides: Partial<Record<SettingName, string>> = {},
  environment: Readonly<Record<string, string | undefined>> = process.env,
): SettingReport[] {
  return (Object.keys(definitions) as SettingName[]).map((name) => ({
    name,
    value: settings[name] === undefined ? '(not set)' : masked(name, String(settings[name])),
    source: overrides[name] ? 'command line' : environment[name] ? 'environment' : 'default',
    about: definitions[name].about,
  }));
}

/** The same URL without its password; any other text unchanged. */
export function maskPassword(text: string): string {
  return text.replace(/^(\w+:\/\/[^:/@]*):[^@]*@/, '$1:***@');
}

function masked(name: SettingName, text: string): string {
  return name === 'MQTT_BROKER_LOGIN' ? text.replace(/:.*/, ':***') : maskPassword(text);
}
