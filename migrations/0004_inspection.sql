-- From a photograph to what an inspection says of a tower.

CREATE TABLE flight (
  flight_id  text PRIMARY KEY,
  line_id    text REFERENCES line,
  started_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE image (
  image_id        uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  sha256          text NOT NULL UNIQUE,
  file_name       text NOT NULL,
  media_type      text NOT NULL,
  byte_count      bigint NOT NULL,
  width_px        integer NOT NULL,
  height_px       integer NOT NULL,
  flight_id       text REFERENCES flight,
  taken_at        timestamptz,
  latitude_deg    double precision,
  longitude_deg   double precision,
  -- Nearest tower to where the picture was taken; NULL while unmatched.
  line_id         text,
  tower_id        text,
  tower_distance_metre double precision,
  state           text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'analysed', 'failed')),
  failure         text,
  detector_version text,
  received_at     timestamptz NOT NULL DEFAULT now(),
  analysed_at     timestamptz,
  FOREIGN KEY (line_id, tower_id) REFERENCES tower
);

CREATE INDEX image_tower ON image (line_id, tower_id, taken_at);

CREATE TABLE detection (
  detection_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  image_id      uuid NOT NULL REFERENCES image ON DELETE CASCADE,
  category      text NOT NULL,
  -- Calibrated probability that the box shows an object of this category.
  score         double precision NOT NULL CHECK (score BETWEEN 0 AND 1),
  x_px          double precision NOT NULL,
  y_px          double precision NOT NULL,
  width_px      double precision NOT NULL,
  height_px     double precision NOT NULL,
  model_version text NOT NULL,
  embedding     real[],
  -- Embeddings are comparable within one space only.
  embedding_space text
);

CREATE INDEX detection_image ON detection (image_id);

-- One row a tower, flight and defect kind that the flight could see.
CREATE TABLE finding (
  finding_id    uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  line_id       text NOT NULL,
  tower_id      text NOT NULL,
  flight_id     text NOT NULL REFERENCES flight,
  kind          text NOT NULL,
  outcome       text NOT NULL CHECK (outcome IN ('clean', 'defect')),
  -- Probability that the defect is there, as the detector sees it.
  probability   double precision NOT NULL CHECK (probability BETWEEN 0 AND 1),
  inspected_at  timestamptz NOT NULL,
  image_ids     uuid[] NOT NULL,
  model_version text NOT NULL,
  review_state  text NOT NULL DEFAULT 'unreviewed' CHECK (review_state IN ('unreviewed', 'confirmed', 'rejected')),
  created_at    timestamptz NOT NULL DEFAULT now(),
  UNIQUE (line_id, tower_id, flight_id, kind),
  FOREIGN KEY (line_id, tower_id) REFERENCES tower
);

-- What training may believe about a sensor over a span of time. Rows are never changed: a correction is a
-- new row that supersedes.
CREATE TABLE label (
  label_id      uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  sensor_id     text NOT NULL REFERENCES sensor,
  kind          text NOT NULL,
  state         text NOT NULL CHECK (state IN ('clean', 'defect', 'unknown')),
  from_at       timestamptz NOT NULL,
  to_at         timestamptz NOT NULL,
  probability   double precision NOT NULL CHECK (probability BETWEEN 0 AND 1),
  finding_ids   uuid[] NOT NULL,
  author        text NOT NULL,
  source        text NOT NULL,
  supersedes    uuid REFERENCES label,
  created_at    timestamptz NOT NULL DEFAULT now(),
  CHECK (from_at <= to_at)
);

CREATE INDEX label_sensor ON label (sensor_id, from_at);
