-- Where each sensor stood when it entered a slot of time (an hour, for readings every ten minutes), and what its readings
-- in that slot were compared with: the others of its line, as the scorer knew them then. Written in one transaction with
-- the scores, so that a scorer that takes over, or runs a decision again, compares with the same.

CREATE TABLE peer_standing (
  model_version text NOT NULL,
  -- Counted from 1970; how long one lasts is the model's.
  slot          bigint NOT NULL,
  sensor_id     text NOT NULL,
  -- Features that are compared, float32 each; NULL while the sensor could not be judged yet.
  standing      bytea,
  -- How many peers there were, and their median; NULL where there was none.
  peers         integer NOT NULL,
  median        bytea,
  PRIMARY KEY (model_version, slot, sensor_id)
);

-- For running a decision again: one sensor's slots, oldest first.
CREATE INDEX peer_standing_sensor ON peer_standing (sensor_id, model_version, slot);

-- Numbers that hardly compress.
ALTER TABLE peer_standing ALTER COLUMN standing SET STORAGE EXTERNAL;
ALTER TABLE peer_standing ALTER COLUMN median SET STORAGE EXTERNAL;
