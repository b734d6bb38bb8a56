-- What dashboards and alert rules read beside the tables: no view here looks at a clock, so that each can be asked
-- about any moment, and each touches readings through (sensor_id, observed_at) only.

-- What a drone says of a tower and kind of defect now: the newest look, with a person's word in place of the detector's.
CREATE VIEW tower_look AS
SELECT DISTINCT ON (line_id, tower_id, kind)
       line_id, tower_id, kind, inspected_at, flight_id, review_state, probability, image_ids,
       (outcome = 'defect') = (review_state <> 'rejected') AS shows_defect
  FROM finding
 ORDER BY line_id, tower_id, kind, inspected_at DESC;

-- Anomaly events with how bad and why.
--
-- Severity: critical when the drone saw the same defect at its last look, or when the probability reached 0.9; major
-- from 0.7; else minor. The probability is the highest that the event has reached, so severity does not swing with
-- each reading. Why: the leading channel at the reading that opened the event, which never changes afterwards: an
-- alert is known by its labels, and would begin anew with each change of one.
CREATE VIEW anomaly_event_severity AS
SELECT e.anomaly_event_id, e.line_id, e.tower_id, e.sensor_id, e.kind, e.opened_at, e.updated_at, e.closed_at,
       e.peak_score, e.model_version, e.reasons ->> 'sentence' AS sentence, e.reasons -> 'context' AS context,
       look.inspected_at AS last_look_at, coalesce(look.shows_defect, false) AS drone_agrees,
       CASE WHEN look.shows_defect OR e.peak_score >= 0.9 THEN 3 WHEN e.peak_score >= 0.7 THEN 2 ELSE 1 END AS severity_level,
       CASE WHEN look.shows_defect OR e.peak_score >= 0.9 THEN 'critical' WHEN e.peak_score >= 0.7 THEN 'major' ELSE 'minor' END
         AS severity,
       coalesce(lead.channel, 'no channel') AS channel,
       lead.observed, lead.expected, lead.deviation,
       coalesce(format('%s %s %% from expected, %s standard deviations', lead.channel,
                       to_char(100 * (lead.observed / nullif(lead.expected, 0) - 1), 'FMSG990.0'),
                       to_char(lead.deviation, 'FMSG990.0')), 'not told') AS why
  FROM anomaly_event e
  LEFT JOIN tower_look look USING (line_id, tower_id, kind)
  LEFT JOIN LATERAL (
    SELECT first ->> 'channel' AS channel, (first ->> 'observed')::float8 AS observed,
           (first ->> 'expected')::float8 AS expected, (first ->> 'deviation')::float8 AS deviation
      FROM (SELECT s.channels -> 0 AS first FROM anomaly_score s
             WHERE s.sensor_id = e.sensor_id AND s.observed_at = e.opened_at AND s.model_version = e.model_version) AS opening
  ) AS lead ON true;

-- Was an event right? The first look at its tower for its kind after it opened says so: at a defect by then, or not.
CREATE VIEW anomaly_event_verdict AS
SELECT e.anomaly_event_id, e.line_id, e.tower_id, e.kind, e.opened_at, e.peak_score, e.reasons -> 'context' AS context,
       CASE WHEN look.shows_defect THEN 'confirmed' WHEN NOT look.shows_defect THEN 'refuted' ELSE 'not looked yet' END AS verdict,
       look.inspected_at AS judged_at
  FROM anomaly_event e
  LEFT JOIN LATERAL (
    SELECT (f.outcome = 'defect') = (f.review_state <> 'rejected') AS shows_defect, f.inspected_at
      FROM finding f
     WHERE f.line_id = e.line_id AND f.tower_id = e.tower_id AND f.kind = e.kind AND f.inspected_at >= e.opened_at
     ORDER BY f.inspected_at LIMIT 1
  ) AS look ON true;

-- Jobs that wait or run. The queue has its own schema, made when the platform first starts, and data of jobs that
-- dashboards need not see: this counts, with the rights of whoever migrates.
CREATE FUNCTION count_jobs() RETURNS TABLE (queue text, state text, job_count bigint, oldest_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF to_regclass('pgboss.job') IS NULL THEN RETURN; END IF;
  RETURN QUERY EXECUTE $query$
    SELECT name, state::text, count(*), min(created_on) FROM pgboss.job
     WHERE state < 'completed' AND name NOT LIKE '\_\_%' GROUP BY 1, 2 $query$;
END
$$;
CREATE VIEW job_queue AS SELECT * FROM count_jobs();

-- Means of a sensor's hours between two instants: from the rollup where TimescaleDB keeps it, elsewhere from the sensor's
-- own readings. Either way no more is read than was asked for, which a filter on the plain rollup view can't promise.
DO $$
DECLARE
  -- As in 0010.
  kept boolean := EXISTS (SELECT FROM pg_extension WHERE extname = 'timescaledb')
                  AND current_setting('timescaledb.license', true) = 'timescale';
  mean_of text := CASE WHEN kept THEN 'sum(%1$s_sum) / nullif(sum(%1$s_count), 0)' ELSE 'avg(%1$s)' END;
  rows_of text := CASE WHEN kept
    THEN '%s_1h WHERE sensor_id = sensor AND bucket_at > from_at - INTERVAL ''1 hour'' AND bucket_at <= to_at GROUP BY bucket_at'
    ELSE '%s WHERE sensor_id = sensor AND observed_at > date_bin(INTERVAL ''1 hour'', from_at, TIMESTAMPTZ ''2000-01-03 00:00:00+00'')
             AND observed_at <= to_at GROUP BY 1' END;
  hour_of text := CASE WHEN kept THEN 'bucket_at'
    ELSE 'date_bin(INTERVAL ''1 hour'', observed_at, TIMESTAMPTZ ''2000-01-03 00:00:00+00'')' END;
  counted text := CASE WHEN kept THEN 'sum(reading_count)::bigint' ELSE 'count(*)' END;
BEGIN
  EXECUTE format(
    'CREATE FUNCTION impedance_hours(sensor text, from_at timestamptz, to_at timestamptz)
       RETURNS TABLE (hour_at timestamptz, reading_count bigint, resistance_ohm float8, reactance_ohm float8,
                      leakage_milliampere float8, load_ampere float8, load_ampere_max float8)
     LANGUAGE sql STABLE AS $body$ SELECT %s, %s, %s, %s, %s, %s, max(%s) FROM %s $body$',
    hour_of, counted, format(mean_of, 'resistance_ohm'), format(mean_of, 'reactance_ohm'),
    format(mean_of, 'leakage_milliampere'), format(mean_of, 'load_ampere'),
    CASE WHEN kept THEN 'load_ampere_max' ELSE 'load_ampere' END, format(rows_of, 'impedance_reading'));
  EXECUTE format(
    'CREATE FUNCTION weather_hours(sensor text, from_at timestamptz, to_at timestamptz)
       RETURNS TABLE (hour_at timestamptz, reading_count bigint, air_celsius float8, humidity_percent float8,
                      rain_millimetre_per_hour float8, wind_metre_per_second float8, solar_watt_per_square_metre float8)
     LANGUAGE sql STABLE AS $body$ SELECT %s, %s, %s, %s, %s, %s, %s FROM %s $body$',
    hour_of, counted, format(mean_of, 'air_celsius'), format(mean_of, 'humidity_percent'),
    format(mean_of, 'rain_millimetre_per_hour'), format(mean_of, 'wind_metre_per_second'),
    format(mean_of, 'solar_watt_per_square_metre'), format(rows_of, 'weather_reading'));
END
$$;

-- What was last heard of each sensor up to a moment. Rules are those of the view sensor_health (0008), which looks at now
-- and a whole day of readings; this looks at the newest twelve, so that a thousand sensors take no second.
CREATE FUNCTION heard_sensors(as_of timestamptz)
  RETURNS TABLE (sensor_id text, line_id text, tower_id text, kind text, last_observed_at timestamptz,
                 last_received_at timestamptz, interval_seconds float8, silent_seconds float8, state text)
LANGUAGE sql STABLE AS $$
  SELECT sensor_id, line_id, tower_id, kind, last_observed_at, last_received_at, interval_seconds, silent_seconds,
         CASE WHEN last_observed_at IS NULL THEN 'never heard'
              WHEN silent_seconds > 86400 OR silent_seconds > 2 * coalesce(interval_seconds, 43200) + 60 THEN 'silent'
              ELSE 'ok' END
    FROM (
      SELECT s.sensor_id, s.line_id, s.tower_id, s.kind, newest.last_observed_at, newest.last_received_at,
             newest.interval_seconds,
             greatest(0, extract(epoch FROM as_of - CASE WHEN newest.last_observed_at > as_of - INTERVAL '1 day'
                                                         THEN newest.last_received_at ELSE newest.last_observed_at END)
                         - coalesce(newest.interval_seconds, 0))::float8 AS silent_seconds
        FROM sensor s
        LEFT JOIN LATERAL (
          SELECT max(observed_at) AS last_observed_at, max(received_at) AS last_received_at,
                 (extract(epoch FROM max(observed_at) - min(observed_at)) / nullif(count(*) - 1, 0))::float8 AS interval_seconds
            FROM (SELECT observed_at, received_at FROM sensor_reading r
                   WHERE r.kind = s.kind AND r.sensor_id = s.sensor_id AND observed_at <= as_of
                   ORDER BY observed_at DESC LIMIT 12) AS twelve
        ) AS newest ON true
    ) AS heard
$$;

-- Lists by time, and the newest look at a tower.
CREATE INDEX finding_inspected ON finding (inspected_at DESC);
CREATE INDEX finding_look ON finding (line_id, tower_id, kind, inspected_at DESC);
CREATE INDEX image_received ON image (received_at DESC);
CREATE INDEX anomaly_event_opened ON anomaly_event (opened_at DESC);
CREATE INDEX buried_job_time ON buried_job (buried_at DESC);

-- Readings by time of arrival: rows come in that order, so ranges of blocks find them and writing costs next to nothing.
CREATE INDEX impedance_reading_received ON impedance_reading USING brin (received_at) WITH (pages_per_range = 16);
CREATE INDEX weather_reading_received ON weather_reading USING brin (received_at) WITH (pages_per_range = 16);

-- For the role of migration 0020, also where it came with other privileges than by default.
SELECT admit_dashboard_reader();
