-- Photographs that are too poor to judge by, told while the crew can still take another.

ALTER TABLE image
  -- What is wrong with it; empty where nothing is, or where it was taken in before this was measured.
  ADD COLUMN quality_flags text[] NOT NULL DEFAULT '{}'
    CHECK (quality_flags <@ ARRAY['blurred', 'dark', 'over-exposed']),
  -- As measured on a smaller copy: see src/core/domain/image-quality.ts; NULL where it was not.
  ADD COLUMN sharpness double precision,
  ADD COLUMN bright_luma smallint CHECK (bright_luma BETWEEN 0 AND 255),
  ADD COLUMN burnt_share double precision CHECK (burnt_share BETWEEN 0 AND 1);

CREATE INDEX image_flagged ON image (received_at DESC) WHERE quality_flags <> '{}';
