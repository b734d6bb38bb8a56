/** Fourth chapter: sensors publish over MQTT in accelerated time; the platform scores each reading and raises events. */
import { formatSensorTopic } from '../core/domain/sensor-topic.ts';
import type { ImpedanceReading, ReadingStep, WeatherReading } from '../features/simulation/readings.ts';
import { simulateReadings } from '../features/simulation/readings.ts';
import { impedance } from '../catalogue/sensors/impedance/impedance.ts';
import type { MqttPublisher } from '../platform/mqtt/mqtt-publisher.ts';
import { connectPublisher } from '../platform/mqtt/mqtt-publisher.ts';
import { AnomalyEventRepository } from '../platform/storage/anomaly-event-repository.ts';
import { AnomalyScoreRepository } from '../platform/storage/anomaly-score-repository.ts';
import { newestReading } from '../platform/storage/reading-repository.ts';
import { pause } from './pause.ts';
import { placeName } from './place-name.ts';
import type { Stage, StageContext } from './stage.ts';

/** Readings a message: an hour of a sensor at ten minutes, as a gateway would bundle them. */
const STEPS_PER_MESSAGE = 6;
const POLL_MS = 200;
const EVERY_EVENT = { limit: 1_000, after: null };
const NO_FILTER = { line: null, tower: null, open: null };

export const watchLive: Stage = {
  title: 'Sensors publish over MQTT in accelerated time; the model watches',
  async run(context: StageContext): Promise<void> {
    const { spanwatch, world } = context;
    const { database, mqttUrl } = spanwatch.platform;
    // An interrupted run goes on where it stopped; what overlaps is stored once.
    const newest = await newestReading(database, impedance);
    const { historyEndAt } = world.grid;
    const from = newest && newest > historyEndAt ? newest : historyEndAt;
    const publisher = await connectPublisher(mqttUrl);
    try {
      await publishFrom(from, publisher, context);
    } finally {
      await publisher.close();
    }
    await waitUntilScored(context);
    const events = await spanwatch.app.get(AnomalyEventRepository).list(EVERY_EVENT, NO_FILTER);
    context.tell(
      events.length === 0
        ? 'no event'
        : events
            .map((event) => `${event.kind} suspected at ${placeName(event.line_id, event.tower_id)}`)
            .join('; '),
    );
  },
};

async function publishFrom(from: Date, publisher: MqttPublisher, context: StageContext): Promise<void> {
  const { grid } = context.world;
  let bundle: ReadingStep[] = [];
  for (const step of simulateReadings(grid, { from })) {
    context.signal.throwIfAborted();
    bundle.push(step);
    if (bundle.length < STEPS_PER_MESSAGE) continue;
    await publishBundle(bundle, publisher);
    bundle = [];
    const hours = (step.observedAt.getTime() - grid.historyEndAt.getTime()) / 3_600_000;
    context.tell(`live day ${(hours / 24).toFixed(1)}`);
  }
  await publishBundle(bundle, publisher);
}

/** Weather first, as a reading is scored once the weather of its line has caught up with it. */
async function publishBundle(bundle: readonly ReadingStep[], publisher: MqttPublisher): Promise<void> {
  await publishSensors(
    bundle.flatMap((step) => step.weather),
    'weather',
    publisher,
  );
  await publishSensors(
    bundle.flatMap((step) => step.impedance),
    'impedance',
    publisher,
  );
}

async function publishSensors(
  readings: readonly (ImpedanceReading | WeatherReading)[],
  kind: string,
  publisher: MqttPublisher,
): Promise<void> {
  const sensors = new Set(readings.map((reading) => reading.sensorId));
  const sent = [...sensors].map(async (sensorId) => {
    const ofSensor = readings.filter((reading) => reading.sensorId === sensorId);
    const messages = ofSensor.map(toMessage).filter((message) => Object.keys(message).length > 1);
    const place = ofSensor[0];
    // A silent sensor sends nothing at all.
    if (!place || messages.length === 0) return;
    const { lineId, towerId } = place;
    await publisher.publish(formatSensorTopic({ lineId, towerId, sensorId, kind }), JSON.stringify(messages));
  });
  await Promise.all(sent);
}

function toMessage(reading: ImpedanceReading | WeatherReading): Record<string, unknown> {
  const { lineId: _line, towerId: _tower, sensorId: _sensor, observedAt, ...values } = reading;
  const measured = Object.entries(values).filter(([, value]) => value !== null);
  return { observedAt: observedAt.toISOString(), ...Object.fromEntries(measured) };
}

async function waitUntilScored({ spanwatch, tell, signal }: StageContext): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const behind = await spanwatch.app.get(AnomalyScoreRepository).countUnscored();
    if (behind === 0) return;
    tell(`${behind.toLocaleString('en')} readings wait to be scored`);
    await pause(POLL_MS);
  }
}
