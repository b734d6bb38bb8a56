-- Whether each sensor still reports as it should, read from its newest readings alone.

-- Readings of all kinds side by side. A migration that adds a kind replaces this view with one part more.
CREATE VIEW sensor_reading AS
  SELECT 'impedance' AS kind, sensor_id, observed_at, received_at,
         ARRAY['resistance_ohm', 'reactance_ohm', 'leakage_milliampere', 'load_ampere'] AS channels,
         ARRAY[resistance_ohm, reactance_ohm, leakage_milliampere, load_ampere] AS quantities
    FROM impedance_reading
  UNION ALL
  SELECT 'weather', sensor_id, observed_at, received_at,
         ARRAY['air_celsius', 'humidity_percent', 'rain_millimetre_per_hour', 'wind_metre_per_second',
               'solar_watt_per_square_metre'],
         ARRAY[air_celsius, humidity_percent, rain_millimetre_per_hour, wind_metre_per_second,
               solar_watt_per_square_metre]
    FROM weather_reading;

-- Every part looks at one sensor through its index on (sensor_id, observed_at): one day back, at most 1,500
-- readings (a day of one a minute), and the single newest one of a sensor that was silent for longer.
CREATE VIEW sensor_health AS
SELECT sensor_id, line_id, tower_id, kind, last_observed_at, last_received_at, typical_interval_seconds,
       silent_seconds, gaps_last_day, stuck_channels, clock_skew_seconds,
       CASE
         WHEN last_observed_at IS NULL THEN 'never_seen'
         WHEN last_observed_at < now() - INTERVAL '1 day' THEN 'silent'
         -- Two readings missed, and a minute for the way here.
         WHEN silent_seconds > 2 * typical_interval_seconds + 60 THEN 'silent'
         WHEN stuck_channels <> '{}' THEN 'stuck'
         -- As far ahead as a reading may be before it is rejected.
         WHEN abs(clock_skew_seconds) > 300 THEN 'skewed'
         ELSE 'ok'
       END AS state
  FROM (
    SELECT s.sensor_id, s.line_id, s.tower_id, s.kind,
           coalesce(day.last_observed_at, older.observed_at) AS last_observed_at,
           coalesce(day.last_received_at, older.received_at) AS last_received_at,
           day.typical_interval_seconds,
           -- Since the next reading was due. Within the day by our clock, since a device's wrong one is no silence;
           -- beyond it by the device's, since a file of old readings that is imported now is no sign of life.
           CASE WHEN day.last_observed_at IS NOT NULL THEN
             greatest(0, extract(epoch FROM now() - day.last_received_at)
                         - coalesce(day.typical_interval_seconds, 0))::float8
           ELSE extract(epoch FROM now() - older.observed_at)::float8
           END AS silent_seconds,
           coalesce(day.gaps, 0) AS gaps_last_day,
           coalesce(stuck.channels, '{}') AS stuck_channels,
           day.clock_skew_seconds
      FROM sensor s
      LEFT JOIN LATERAL (
        WITH recent AS MATERIALIZED (
          SELECT observed_at, received_at,
                 extract(epoch FROM observed_at - lag(observed_at) OVER (ORDER BY observed_at))::float8 AS interval_seconds
            FROM (SELECT observed_at, received_at FROM sensor_reading r
                   WHERE r.kind = s.kind AND r.sensor_id = s.sensor_id AND observed_at > now() - INTERVAL '1 day'
                   ORDER BY observed_at DESC LIMIT 1500) AS newest
        ), typical AS (
          SELECT max(observed_at) AS last_observed_at, max(received_at) AS last_received_at,
                 percentile_cont(0.5) WITHIN GROUP (ORDER BY interval_seconds) AS typical_interval_seconds,
                 percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM received_at - observed_at)::float8)
                   AS clock_skew_seconds
            FROM recent
        )
        -- Half an interval late is jitter; more is a reading that is missing.
        SELECT typical.*, (SELECT count(*)::int FROM recent
                            WHERE interval_seconds > 1.5 * typical.typical_interval_seconds) AS gaps
          FROM typical
      ) AS day ON true
      LEFT JOIN LATERAL (
        SELECT observed_at, received_at FROM sensor_reading r
         WHERE day.last_observed_at IS NULL AND r.kind = s.kind AND r.sensor_id = s.sensor_id
         ORDER BY observed_at DESC LIMIT 1
      ) AS older ON true
      LEFT JOIN LATERAL (
        SELECT array_agg(channel ORDER BY channel) AS channels
          FROM (
            SELECT channel
              FROM (SELECT channel, quantity, row_number() OVER (PARTITION BY channel ORDER BY observed_at DESC) AS age
                      FROM (SELECT observed_at, channels, quantities FROM sensor_reading r
                             WHERE r.kind = s.kind AND r.sensor_id = s.sensor_id
                               AND observed_at > now() - INTERVAL '1 day'
                             ORDER BY observed_at DESC LIMIT 60) AS newest
                     CROSS JOIN LATERAL unnest(channels, quantities) AS each (channel, quantity)
                     WHERE quantity IS NOT NULL) AS aged
             WHERE age <= 20
             GROUP BY channel
            -- Zero is where quantities rest: no rain, no sun at night, no load on a line out of service.
            HAVING count(*) = 20 AND min(quantity) = max(quantity) AND min(quantity) <> 0
          ) AS each_channel
      ) AS stuck ON day.last_observed_at IS NOT NULL
  ) AS measured;
