-- A sensor said two different things of one instant: the first stays in its table, the other is kept here to be seen.

CREATE TABLE reading_conflict (
  reading_conflict_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  received_at         timestamptz NOT NULL DEFAULT now(),
  kind                text NOT NULL,
  sensor_id           text NOT NULL,
  observed_at         timestamptz NOT NULL,
  -- By channel: {"resistanceOhm": 0.0218, …}
  kept_values         jsonb NOT NULL,
  refused_values      jsonb NOT NULL
);

-- A message that comes again says nothing new.
CREATE UNIQUE INDEX reading_conflict_once
  ON reading_conflict (sensor_id, observed_at, kind, md5(refused_values::text));
CREATE INDEX reading_conflict_received ON reading_conflict (received_at DESC);
