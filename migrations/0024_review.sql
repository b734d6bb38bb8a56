-- What people say of findings and boxes: logs that only grow, and the boxes as they stand.

CREATE TABLE finding_review (
  review_id   uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  finding_id  uuid NOT NULL REFERENCES finding ON DELETE CASCADE,
  -- Of the finding that was looked at.
  revision    integer NOT NULL,
  -- added: a person found what the detector missed.
  decision    text NOT NULL CHECK (decision IN ('confirmed', 'rejected', 'reclassed', 'corrected-box', 'added')),
  reviewer    text NOT NULL CHECK (reviewer <> ''),
  reason      text,
  kind_before text NOT NULL,
  kind_after  text NOT NULL,
  -- Given while another opinion was asked for, by somebody who was not shown those before.
  is_blind    boolean NOT NULL DEFAULT false,
  reviewed_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX finding_review_finding ON finding_review (finding_id, reviewed_at);
CREATE INDEX finding_review_time ON finding_review (reviewed_at DESC);

-- A person's word on one box of one image; boxes are pixels of the original image, x and y of the upper left corner.
CREATE TABLE box_review (
  box_review_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  image_id      uuid NOT NULL REFERENCES image ON DELETE CASCADE,
  -- NULL where the machine saw nothing.
  detection_id  bigint REFERENCES detection ON DELETE CASCADE,
  -- Of a box that a person drew: the same in every later word on it, by default another box.
  box_id        uuid DEFAULT gen_random_uuid(),
  decision      text NOT NULL CHECK (decision IN ('confirmed', 'rejected', 'reclassed', 'corrected', 'added')),
  category      text NOT NULL,
  x_px          double precision NOT NULL,
  y_px          double precision NOT NULL,
  width_px      double precision NOT NULL CHECK (width_px > 0),
  height_px     double precision NOT NULL CHECK (height_px > 0),
  reviewer      text NOT NULL CHECK (reviewer <> ''),
  reason        text,
  reviewed_at   timestamptz NOT NULL DEFAULT now(),
  -- The word on the same box that this one takes the place of: one box has one word that holds.
  supersedes    uuid UNIQUE REFERENCES box_review ON DELETE CASCADE,
  annotation_id text GENERATED ALWAYS AS (coalesce('d' || detection_id::text, 'p' || box_id::text)) STORED
);

CREATE INDEX box_review_image ON box_review (image_id);
CREATE INDEX box_review_detection ON box_review (detection_id);

CREATE FUNCTION refuse_to_rewrite() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is a log: what was said is superseded, never changed', TG_TABLE_NAME;
END
$$;
CREATE TRIGGER finding_review_is_a_log BEFORE UPDATE ON finding_review FOR EACH ROW EXECUTE FUNCTION refuse_to_rewrite();
CREATE TRIGGER box_review_is_a_log BEFORE UPDATE ON box_review FOR EACH ROW EXECUTE FUNCTION refuse_to_rewrite();

-- One row a box as it stands now: the detector's, with a person's word in its place, and those that people drew.
CREATE VIEW annotation AS
WITH word AS (
  SELECT * FROM box_review said
   WHERE NOT EXISTS (SELECT FROM box_review newer WHERE newer.supersedes = said.box_review_id)
)
SELECT d.image_id, 'd' || d.detection_id::text AS annotation_id, d.detection_id,
       coalesce(word.category, d.category) AS category,
       coalesce(word.x_px, d.x_px) AS x_px, coalesce(word.y_px, d.y_px) AS y_px,
       coalesce(word.width_px, d.width_px) AS width_px, coalesce(word.height_px, d.height_px) AS height_px,
       -- What a person called or drew otherwise is not what the detector gave its score for.
       CASE WHEN word.decision IS NULL OR word.decision IN ('confirmed', 'rejected') THEN d.score END AS score,
       CASE WHEN word.decision IS NULL THEN 'proposed' WHEN word.decision = 'rejected' THEN 'rejected' ELSE 'confirmed' END AS state,
       word.reviewer AS reviewed_by, word.reviewed_at, d.model_version
  FROM detection d
  LEFT JOIN word ON word.detection_id = d.detection_id
UNION ALL
SELECT word.image_id, word.annotation_id, NULL, word.category, word.x_px, word.y_px, word.width_px, word.height_px, NULL,
       CASE word.decision WHEN 'rejected' THEN 'rejected' ELSE 'confirmed' END, word.reviewer, word.reviewed_at, NULL
  FROM word
 WHERE word.detection_id IS NULL;

-- What waits for a person as of a moment, and how much a decision would teach or save:
--
--   priority = uncertainty × consequence × patience
--
-- uncertainty  4 p (1 - p) of the probability, 1 at one half, at least 0.1; 0.5 where a second person is asked, who is to
--              see no more than the first did; 1 where two people disagree.
-- consequence  the severity, 3 where there is none yet; doubled where sensors of the tower have an open event; half as much
--              again where drone and sensors say different things: a defect on a tower whose sensors are scored and quiet
--              for its kind, or a clean look at one where they are not.
-- patience     1, and 1 more for each week of waiting: nothing waits for ever.
--
-- Defects wait, and clean looks that were none too sure or that sensors doubt.
CREATE FUNCTION review_queue(as_of timestamptz)
  RETURNS TABLE (finding_id uuid, line_id text, tower_id text, flight_id text, kind text, outcome text, probability float8,
                 severity smallint, revision integer, inspected_at timestamptz, image_ids uuid[], awaits text,
                 event_severity text, event_level integer, disagrees boolean, uncertainty float8, consequence float8,
                 waiting_days float8, priority float8)
LANGUAGE sql STABLE AS $$
  SELECT *, uncertainty * consequence * (1 + waiting_days / 7) AS priority
    FROM (
      SELECT f.finding_id, f.line_id, f.tower_id, f.flight_id,
             -- A second opinion is given of what the detector said.
             CASE f.opinion_count WHEN 0 THEN f.kind ELSE coalesce(f.detected_kind, f.kind) END,
             f.outcome, f.probability, f.severity, f.revision, f.inspected_at, f.image_ids,
             CASE f.opinion_count WHEN 0 THEN 'first' WHEN 1 THEN 'second' ELSE 'third' END,
             event.severity, coalesce(event.severity_level, 0), doubt.disagrees,
             CASE f.opinion_count WHEN 0 THEN greatest(0.1, 4 * f.probability * (1 - f.probability)) WHEN 1 THEN 0.5 ELSE 1 END AS uncertainty,
             coalesce(f.severity, 3) * CASE WHEN event.severity IS NULL THEN 1.0 ELSE 2.0 END
               * CASE WHEN doubt.disagrees THEN 1.5 ELSE 1.0 END AS consequence,
             greatest(0, extract(epoch FROM as_of - f.waiting_since)::float8 / 86400) AS waiting_days
        FROM finding f
        LEFT JOIN LATERAL (
          SELECT e.severity, e.severity_level, bool_or(e.kind = f.kind) OVER () AS of_kind
            FROM anomaly_event_severity e
           WHERE e.line_id = f.line_id AND e.tower_id = f.tower_id AND e.opened_at <= as_of AND (e.closed_at IS NULL OR e.closed_at > as_of)
           ORDER BY e.severity_level DESC LIMIT 1
        ) AS event ON true
        CROSS JOIN LATERAL (
          SELECT CASE f.outcome
                   WHEN 'clean' THEN coalesce(event.of_kind, false)
                   ELSE NOT coalesce(event.of_kind, false) AND EXISTS (
                     SELECT FROM sensor s JOIN scorer_state scored USING (sensor_id)
                      WHERE s.line_id = f.line_id AND s.tower_id = f.tower_id AND scored.scored_until >= f.inspected_at)
                 END AS disagrees
        ) AS doubt
       WHERE f.opinion_count < f.opinions_wanted AND (f.opinion_count > 0 OR f.review_state = 'unreviewed')
         AND f.inspected_at <= as_of
         AND (f.outcome = 'defect' OR f.opinion_count > 0 OR f.probability >= 0.3 OR event.of_kind)
    ) AS waiting (finding_id, line_id, tower_id, flight_id, kind, outcome, probability, severity, revision, inspected_at, image_ids,
                  awaits, event_severity, event_level, disagrees, uncertainty, consequence, waiting_days)
$$;

SELECT admit_dashboard_reader();
