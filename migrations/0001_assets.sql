-- The asset tree: a line carries towers, a sensor sits on one tower.

CREATE TABLE line (
  line_id    text PRIMARY KEY CHECK (line_id ~ '^[A-Za-z0-9_-]{1,64}$'),
  name       text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE tower (
  tower_id       text NOT NULL CHECK (tower_id ~ '^[A-Za-z0-9_-]{1,64}$'),
  line_id        text NOT NULL REFERENCES line,
  latitude_deg   double precision CHECK (latitude_deg BETWEEN -90 AND 90),
  longitude_deg  double precision CHECK (longitude_deg BETWEEN -180 AND 180),
  created_at     timestamptz NOT NULL DEFAULT now(),
  -- Utilities number towers from 1 on every line, so a tower is known by both.
  PRIMARY KEY (line_id, tower_id)
);

CREATE TABLE sensor (
  sensor_id  text PRIMARY KEY CHECK (sensor_id ~ '^[A-Za-z0-9_-]{1,64}$'),
  line_id    text NOT NULL,
  tower_id   text NOT NULL,
  kind       text NOT NULL,
  phase      text CHECK (phase IN ('a', 'b', 'c')),
  created_at timestamptz NOT NULL DEFAULT now(),
  FOREIGN KEY (line_id, tower_id) REFERENCES tower
);

CREATE INDEX sensor_tower ON sensor (line_id, tower_id);
