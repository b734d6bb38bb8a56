-- Which model serves, what it thinks of each reading, and the events it opened.

CREATE TABLE model_version (
  model         text NOT NULL,
  version       text NOT NULL,
  stage         text NOT NULL CHECK (stage IN ('registered', 'champion', 'retired')),
  manifest      jsonb NOT NULL,
  folder        text NOT NULL,
  weights_sha256 text NOT NULL,
  registered_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (model, version)
);

CREATE UNIQUE INDEX model_version_one_champion ON model_version (model) WHERE stage = 'champion';

CREATE TABLE anomaly_score (
  sensor_id     text NOT NULL,
  observed_at   timestamptz NOT NULL,
  model_version text NOT NULL,
  score         double precision NOT NULL CHECK (score BETWEEN 0 AND 1),
  anomalous     boolean NOT NULL,
  -- Per channel: observed, expected, lower, upper, deviation in standard deviations.
  channels      jsonb NOT NULL,
  UNIQUE (sensor_id, observed_at, model_version)
);

CREATE TABLE anomaly_event (
  anomaly_event_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  sensor_id     text NOT NULL REFERENCES sensor,
  line_id       text NOT NULL,
  tower_id      text NOT NULL,
  kind          text NOT NULL,
  opened_at     timestamptz NOT NULL,
  updated_at    timestamptz NOT NULL,
  closed_at     timestamptz,
  peak_score    double precision NOT NULL,
  model_version text NOT NULL,
  -- Why: channel, observed, expected band, deviation, weather at the time, last look.
  reasons       jsonb NOT NULL,
  FOREIGN KEY (line_id, tower_id) REFERENCES tower
);

CREATE UNIQUE INDEX anomaly_event_one_open ON anomaly_event (line_id, tower_id, kind) WHERE closed_at IS NULL;

-- Where the scorer stands with a sensor, written in one transaction with its scores: a restart goes on
-- from here and skips or repeats nothing.
CREATE TABLE scorer_state (
  sensor_id     text NOT NULL,
  model_version text NOT NULL,
  scored_until  timestamptz NOT NULL,
  state         jsonb NOT NULL,
  PRIMARY KEY (sensor_id, model_version)
);
