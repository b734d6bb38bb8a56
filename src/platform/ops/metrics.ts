/** What the platform counts, for Prometheus. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** One registry a platform, so that tests can start several in one process. */
export class Metrics {
  readonly registry = new Registry();

  readonly readingsStored = new Counter({
    name: 'spanwatch_readings_stored_total',
    help: 'Readings committed to the database.',
    registers: [this.registry],
  });
  readonly readingsDuplicate = new Counter({
    name: 'spanwatch_readings_duplicate_total',
    help: 'Readings that were there already.',
    registers: [this.registry],
  });
  readonly readingsConflicting = new Counter({
    name: 'spanwatch_readings_conflicting_total',
    help: 'Readings that contradict what was there already, kept in reading_conflict.',
    registers: [this.registry],
  });
  readonly messagesRejected = new Counter({
    name: 'spanwatch_messages_rejected_total',
    help: 'Messages kept in rejected_message.',
    labelNames: ['reason'],
    registers: [this.registry],
  });
  readonly ingestBatchSeconds = new Histogram({
    name: 'spanwatch_ingest_batch_seconds',
    help: 'Time from a batch taken to its commit.',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
    registers: [this.registry],
  });
  readonly sparkplugOutOfOrder = new Counter({
    name: 'spanwatch_sparkplug_out_of_order_total',
    help: 'Sparkplug messages stored although a message before them is missing.',
    registers: [this.registry],
  });
  readonly sparkplugRebirths = new Counter({
    name: 'spanwatch_sparkplug_rebirths_total',
    help: 'Requests to Sparkplug edge nodes for their births.',
    registers: [this.registry],
  });
  readonly sparkplugDropped = new Counter({
    name: 'spanwatch_sparkplug_dropped_total',
    help: 'Sparkplug messages lost because too many were held for a database that was away.',
    registers: [this.registry],
  });
  readonly imagesAnalysed = new Counter({
    name: 'spanwatch_images_analysed_total',
    help: 'Photographs analysed, by outcome.',
    labelNames: ['outcome'],
    registers: [this.registry],
  });
  readonly readingsScored = new Counter({
    name: 'spanwatch_readings_scored_total',
    help: 'Readings scored by the champion.',
    registers: [this.registry],
  });
  readonly openEvents = new Gauge({
    name: 'spanwatch_anomaly_events_open',
    help: 'Anomaly events that are open now.',
    registers: [this.registry],
  });
  readonly sensorsByState = new Gauge({
    name: 'spanwatch_sensors',
    help: 'Sensors by state of health: ok, silent, stuck, skewed, never_seen.',
    labelNames: ['state'],
    registers: [this.registry],
  });
  readonly jobsBuried = new Counter({
    name: 'spanwatch_jobs_buried_total',
    help: 'Jobs that will never succeed.',
    labelNames: ['queue'],
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }
}
