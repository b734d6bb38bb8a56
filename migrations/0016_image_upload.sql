-- What became of an upload in pieces, for a client whose link broke before it was told.

CREATE TABLE image_upload (
  upload_id   text PRIMARY KEY,
  file_name   text NOT NULL,
  byte_count  bigint NOT NULL,
  image_id    uuid REFERENCES image ON DELETE CASCADE,
  -- Why it was refused, as problem details.
  problem     jsonb,
  finished_at timestamptz NOT NULL DEFAULT now(),
  CHECK ((image_id IS NULL) <> (problem IS NULL))
);

CREATE INDEX image_upload_finished ON image_upload (finished_at);
