-- Readings a minute, a quarter of an hour, an hour and a day: `impedance_reading_1m`, `_15m`, `_1h`, `_1d`.
--
-- The same names and columns everywhere. On TimescaleDB (Community build) each is a continuous aggregate over the
-- one before it, kept up in the background, late readings included; elsewhere each is a plain view that reads the
-- table. Of a column x a rollup has x_count, x_sum, x_sum_of_squares, x_min and x_max: mean and spread of any longer
-- time follow from them.

-- Call once for a new sensor kind's table, in the migration that makes it. What is missing here is left out.
CREATE FUNCTION prepare_reading_table(reading_table name) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  is_timescale  boolean := EXISTS (SELECT FROM pg_extension WHERE extname = 'timescaledb');
  is_hypertable boolean := false;
  keeps_rollups boolean := false;
  quantity      name;
  of_table      text := '';
  of_rollup     text := '';
  source        text;
  target        text;
  step          record;
BEGIN
  IF is_timescale THEN
    PERFORM create_hypertable(reading_table::regclass, 'observed_at', chunk_time_interval => INTERVAL '7 days', if_not_exists => true, migrate_data => true);
    is_hypertable := true;
    -- Continuous aggregates and the columnstore are not in the Apache build.
    keeps_rollups := current_setting('timescaledb.license', true) = 'timescale';
  END IF;

  FOR quantity IN
    SELECT attname FROM pg_attribute
     WHERE attrelid = reading_table::regclass AND attnum > 0 AND NOT attisdropped AND atttypid = 'float8'::regtype
     ORDER BY attnum
  LOOP
    of_table := of_table || format(
      ', count(%1$I) AS %2$I, sum(%1$I) AS %3$I, sum(%1$I * %1$I) AS %4$I, min(%1$I) AS %5$I, max(%1$I) AS %6$I',
      quantity, quantity || '_count', quantity || '_sum', quantity || '_sum_of_squares', quantity || '_min', quantity || '_max');
    of_rollup := of_rollup || format(
      ', sum(%1$I)::bigint AS %1$I, sum(%2$I) AS %2$I, sum(%3$I) AS %3$I, min(%4$I) AS %4$I, max(%5$I) AS %5$I',
      quantity || '_count', quantity || '_sum', quantity || '_sum_of_squares', quantity || '_min', quantity || '_max');
  END LOOP;

  source := reading_table;
  FOR step IN
    SELECT * FROM (VALUES
      -- How long a bucket waits for readings that are on their way, and how often the rollup is brought up.
      ('1m',  INTERVAL '1 minute',   INTERVAL '2 minutes',  INTERVAL '1 minute'),
      ('15m', INTERVAL '15 minutes', INTERVAL '15 minutes', INTERVAL '5 minutes'),
      ('1h',  INTERVAL '1 hour',     INTERVAL '1 hour',     INTERVAL '15 minutes'),
      ('1d',  INTERVAL '1 day',      INTERVAL '1 day',      INTERVAL '1 hour')
    ) AS rollup (suffix, width, waits, every)
  LOOP
    target := reading_table || '_' || step.suffix;
    IF keeps_rollups THEN
      EXECUTE format(
        'CREATE MATERIALIZED VIEW %I WITH (timescaledb.continuous, timescaledb.materialized_only = false) AS
         SELECT sensor_id, time_bucket(%L::interval, %I) AS bucket_at, %s%s FROM %I GROUP BY 1, 2 WITH NO DATA',
        target, step.width,
        CASE WHEN source = reading_table THEN 'observed_at' ELSE 'bucket_at' END,
        CASE WHEN source = reading_table THEN 'count(*) AS reading_count' ELSE 'sum(reading_count)::bigint AS reading_count' END,
        CASE WHEN source = reading_table THEN of_table ELSE of_rollup END,
        source);
      -- No start: a reading that comes months late makes just its own buckets anew.
      PERFORM add_continuous_aggregate_policy(target::regclass, start_offset => NULL, end_offset => step.waits, schedule_interval => step.every);
      source := target;
    ELSE
      EXECUTE format(
        'CREATE VIEW %I AS SELECT sensor_id, date_bin(%L::interval, observed_at, TIMESTAMPTZ ''2000-01-03 00:00:00+00'') AS bucket_at,
         count(*) AS reading_count%s FROM %I GROUP BY 1, 2',
        target, step.width, of_table, reading_table);
    END IF;
  END LOOP;

  IF is_hypertable AND keeps_rollups THEN
    EXECUTE format(
      'ALTER TABLE %I SET (timescaledb.compress, timescaledb.compress_segmentby = ''sensor_id'', timescaledb.compress_orderby = ''observed_at DESC'')',
      reading_table);
    -- Longer than brokers keep sessions for us, so that backlogs meet rows and not columns.
    PERFORM add_compression_policy(reading_table::regclass, INTERVAL '14 days');
  END IF;
END
$$;

SELECT prepare_reading_table('impedance_reading');
SELECT prepare_reading_table('weather_reading');
