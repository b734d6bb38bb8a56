-- What a photograph's camera says of itself, and how sure it is which tower the photograph shows.

ALTER TABLE image
  -- How `taken_at` came about: cameras seldom say their time zone.
  ADD COLUMN taken_at_source text CHECK (taken_at_source IN ('utc-at-exposure', 'exif-offset', 'gps', 'xmp-offset', 'assumed-offset')),
  -- Of the camera's clock, east positive; NULL where nobody knows.
  ADD COLUMN utc_offset_minutes smallint,
  ADD COLUMN camera_model text,
  ADD COLUMN relative_altitude_metre double precision,
  ADD COLUMN rtk_flag smallint,
  -- Standard deviation on the ground, each axis.
  ADD COLUMN position_sigma_metre double precision,
  -- Of the optical axis: clockwise from true north, and 0 level to -90 straight down.
  ADD COLUMN yaw_deg double precision,
  ADD COLUMN yaw_sigma_deg double precision,
  ADD COLUMN pitch_deg double precision,
  ADD COLUMN focal_length_35_mm double precision,
  -- What the camera said that cannot be, and was left out.
  ADD COLUMN warnings text[] NOT NULL DEFAULT '{}',
  -- matched: by its position; needs-matching: several towers could be it; unmatched: none near, or no position;
  -- confirmed: a person said so, and where tower_id is NULL said that it shows no tower.
  ADD COLUMN match_state text NOT NULL DEFAULT 'unmatched' CHECK (match_state IN ('matched', 'needs-matching', 'unmatched', 'confirmed')),
  ADD COLUMN match_probability double precision CHECK (match_probability BETWEEN 0 AND 1),
  -- The likeliest towers, best first: [{"lineId", "towerId", "probability"}].
  ADD COLUMN match_candidates jsonb NOT NULL DEFAULT '[]',
  -- Counts up with every change: who changes a match names the revision that was looked at.
  ADD COLUMN match_revision integer NOT NULL DEFAULT 1,
  ADD COLUMN matched_by text,
  ADD COLUMN matched_at timestamptz;

UPDATE image SET match_state = 'matched' WHERE tower_id IS NOT NULL;

CREATE INDEX image_to_match ON image (received_at DESC) WHERE match_state IN ('needs-matching', 'unmatched');
