-- Where the TimescaleDB extension is to be had, readings become hypertables; elsewhere nothing happens and
-- start-up says so. Chunks of a week suit a few hundred sensors at ten minutes.

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_available_extensions WHERE name = 'timescaledb') THEN
    CREATE EXTENSION IF NOT EXISTS timescaledb;
    PERFORM create_hypertable('impedance_reading', 'observed_at', chunk_time_interval => INTERVAL '7 days', migrate_data => true);
    PERFORM create_hypertable('weather_reading', 'observed_at', chunk_time_interval => INTERVAL '7 days', migrate_data => true);
  END IF;
END
$$;
