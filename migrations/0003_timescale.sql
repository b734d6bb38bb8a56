-- Where the TimescaleDB extension is to be had, readings become hypertables; elsewhere nothing happens and
-- start-up says so. Chunks of a week suit a few hundred sensors at ten minutes.

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_available_extensions WHERE name = 'timescaledb') THEN
    -- Asked for its extension without its library, TimescaleDB ends the connection and nobody learns why.
    IF NOT EXISTS (SELECT FROM pg_settings WHERE name LIKE 'timescaledb.%') THEN
      RAISE EXCEPTION 'TimescaleDB is installed but not loaded'
        USING HINT = 'set shared_preload_libraries = ''timescaledb'' in postgresql.conf and restart PostgreSQL';
    END IF;
    CREATE EXTENSION IF NOT EXISTS timescaledb;
    PERFORM create_hypertable('impedance_reading', 'observed_at', chunk_time_interval => INTERVAL '7 days', migrate_data => true);
    PERFORM create_hypertable('weather_reading', 'observed_at', chunk_time_interval => INTERVAL '7 days', migrate_data => true);
  END IF;
END
$$;
