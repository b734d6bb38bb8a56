/** The provisioning files of a Grafana, as far as the checks look into them. */
import { z } from 'zod';

const labels = z.record(z.string(), z.string());

export const provisioning = z.object({
  rules: z.object({
    apiVersion: z.literal(1),
    groups: z.array(
      z.object({
        orgId: z.number(),
        name: z.string(),
        folder: z.string(),
        interval: z.string(),
        rules: z.array(
          z.strictObject({
            uid: z.string(),
            title: z.string(),
            condition: z.string(),
            for: z.string(),
            keepFiringFor: z.string(),
            noDataState: z.string(),
            execErrState: z.string(),
            labels,
            annotations: labels,
            data: z.array(
              z.object({
                refId: z.string(),
                datasourceUid: z.string(),
                relativeTimeRange: z.object({ from: z.number(), to: z.number() }),
                model: z.record(z.string(), z.unknown()),
              }),
            ),
          }),
        ),
      }),
    ),
  }),
  contactPoints: z.object({
    apiVersion: z.literal(1),
    contactPoints: z.array(
      z.object({
        orgId: z.number(),
        name: z.string(),
        receivers: z.array(
          z.object({ uid: z.string(), type: z.string(), settings: z.record(z.string(), z.unknown()) }),
        ),
      }),
    ),
  }),
  policies: z.object({ apiVersion: z.literal(1), policies: z.array(z.unknown()) }),
  muteTimings: z.object({
    apiVersion: z.literal(1),
    muteTimes: z.array(
      z.object({
        orgId: z.number(),
        name: z.string(),
        time_intervals: z.array(
          z.strictObject({
            times: z.array(z.strictObject({ start_time: z.string(), end_time: z.string() })).optional(),
            weekdays: z.array(z.string()).optional(),
            location: z.string().optional(),
          }),
        ),
      }),
    ),
  }),
  dataSources: z.object({
    apiVersion: z.literal(1),
    datasources: z.array(
      z.object({
        name: z.string(),
        type: z.string(),
        uid: z.string(),
        url: z.string(),
        user: z.string(),
        jsonData: z
          .object({ database: z.string(), timescaledb: z.boolean(), postgresVersion: z.number() })
          .loose(),
        secureJsonData: z.object({ password: z.string() }),
      }),
    ),
  }),
});

export type Provisioning = z.infer<typeof provisioning>;

export const policy = z.strictObject({
  orgId: z.number().optional(),
  receiver: z.string(),
  group_by: z.array(z.string()),
  group_wait: z.string().optional(),
  group_interval: z.string().optional(),
  repeat_interval: z.string().optional(),
  object_matchers: z.array(z.array(z.string()).length(3)).optional(),
  mute_time_intervals: z.array(z.string()).optional(),
  routes: z.array(z.unknown()).optional(),
});
