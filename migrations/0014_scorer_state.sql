-- The scorer's state as bytes: two kilobytes a sensor, written after every batch and read only at a start. What was kept
-- before belongs to models of an older form, which have to be trained anew.

DROP TABLE scorer_state;

CREATE TABLE scorer_state (
  sensor_id     text NOT NULL,
  model_version text NOT NULL,
  scored_until  timestamptz NOT NULL,
  state         bytea NOT NULL,
  PRIMARY KEY (sensor_id, model_version)
);

-- Numbers that hardly compress: trying costs more than it saves. Half-empty pages let a row be replaced where it is.
ALTER TABLE scorer_state ALTER COLUMN state SET STORAGE EXTERNAL;
ALTER TABLE scorer_state SET (fillfactor = 50);
