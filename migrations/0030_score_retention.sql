-- Standings of peers are deleted with the scores that they were needed for, by when they were stored: that is never
-- before the readings were taken, so nothing goes too early. They come in the order of that time, which suits BRIN.

ALTER TABLE peer_standing ADD COLUMN stored_at timestamptz NOT NULL DEFAULT now();
CREATE INDEX peer_standing_stored ON peer_standing USING brin (stored_at);
