-- A finding is one physical defect, seen in however many photographs of one flight; where there is none, one clean row a
-- kind says so.

ALTER TABLE finding
  -- Tells defects of one kind on one tower apart.
  ADD COLUMN defect_number smallint NOT NULL DEFAULT 1 CHECK (defect_number >= 1),
  -- 1 least to 5 worst, by the rule in src/core/domain/severity.ts; NULL where clean, or where a person refused it.
  ADD COLUMN severity smallint CHECK (severity BETWEEN 1 AND 5),
  -- Counts up with every change: who decides names the revision that was looked at.
  ADD COLUMN revision integer NOT NULL DEFAULT 1,
  -- What the detector took it for, whatever a person calls it now; NULL where a person found it.
  ADD COLUMN detected_kind text,
  -- Of the defect, above the point of take-off, with its standard deviation; NULL where cameras do not say enough.
  ADD COLUMN height_metre double precision,
  ADD COLUMN height_sigma_metre double precision,
  ADD COLUMN reviewed_by text,
  ADD COLUMN reviewed_at timestamptz,
  -- Grows when a person asks for another look, when the finding is drawn for one, or when two disagree.
  ADD COLUMN opinions_wanted smallint NOT NULL DEFAULT 1,
  ADD COLUMN opinion_count smallint NOT NULL DEFAULT 0,
  -- Since when it waits for the opinion that it waits for.
  ADD COLUMN waiting_since timestamptz NOT NULL DEFAULT now(),
  -- NULL where a person found it.
  ALTER COLUMN model_version DROP NOT NULL,
  DROP CONSTRAINT finding_line_id_tower_id_flight_id_kind_key,
  ADD UNIQUE (line_id, tower_id, flight_id, kind, defect_number),
  DROP CONSTRAINT finding_review_state_check,
  ADD CONSTRAINT finding_review_state_check CHECK (review_state IN ('unreviewed', 'confirmed', 'rejected', 'reclassed'));

UPDATE finding SET detected_kind = kind, severity = CASE WHEN outcome = 'defect' AND review_state <> 'rejected' THEN 3 END,
       opinion_count = CASE review_state WHEN 'unreviewed' THEN 0 ELSE 1 END, waiting_since = created_at;

-- Bits of the picture's gradients (src/core/domain/perceptual-hash.ts), 16 hexadecimal digits: frames of one burst differ in
-- few; NULL until it is analysed.
ALTER TABLE image ADD COLUMN perceptual_hash text CHECK (perceptual_hash ~ '^[0-9a-f]{16}$');

-- The boxes that show a finding.
CREATE TABLE finding_evidence (
  finding_id    uuid NOT NULL REFERENCES finding ON DELETE CASCADE,
  image_id      uuid NOT NULL REFERENCES image ON DELETE CASCADE,
  -- NULL where a person drew the box.
  detection_id  bigint REFERENCES detection ON DELETE CASCADE,
  -- The `box_id` of a box that a person drew.
  box_id        uuid,
  -- As the view `annotation` calls it.
  annotation_id text GENERATED ALWAYS AS (coalesce('d' || detection_id::text, 'p' || box_id::text)) STORED,
  PRIMARY KEY (finding_id, annotation_id),
  CHECK ((detection_id IS NULL) <> (box_id IS NULL))
);

CREATE INDEX finding_evidence_image ON finding_evidence (image_id);
CREATE INDEX finding_evidence_detection ON finding_evidence (detection_id);

INSERT INTO finding_evidence (finding_id, image_id, detection_id)
SELECT f.finding_id, d.image_id, d.detection_id
  FROM finding f JOIN detection d ON d.image_id = ANY (f.image_ids) AND d.category = f.kind AND d.score >= 0.7
 WHERE f.outcome = 'defect';

-- What a drone says of a tower and kind of defect now: of the newest look its worst finding, with a person's word in place
-- of the detector's.
CREATE OR REPLACE VIEW tower_look AS
SELECT DISTINCT ON (line_id, tower_id, kind)
       line_id, tower_id, kind, inspected_at, flight_id, review_state, probability, image_ids, shows_defect
  FROM (SELECT *, (outcome = 'defect') = (review_state <> 'rejected') AS shows_defect,
               max(inspected_at) OVER (PARTITION BY line_id, tower_id, kind, flight_id) AS flown_at
          FROM finding) AS seen
 ORDER BY line_id, tower_id, kind, flown_at DESC, flight_id, shows_defect DESC, review_state = 'unreviewed', probability DESC;

-- Was an event right? The first look at its tower for its kind after it opened says so: at a defect by then, or not.
CREATE OR REPLACE VIEW anomaly_event_verdict AS
SELECT e.anomaly_event_id, e.line_id, e.tower_id, e.kind, e.opened_at, e.peak_score, e.reasons -> 'context' AS context,
       CASE WHEN look.shows_defect THEN 'confirmed' WHEN NOT look.shows_defect THEN 'refuted' ELSE 'not looked yet' END AS verdict,
       look.inspected_at AS judged_at
  FROM anomaly_event e
  LEFT JOIN LATERAL (
    SELECT bool_or((f.outcome = 'defect') = (f.review_state <> 'rejected')) AS shows_defect, min(f.inspected_at) AS inspected_at
      FROM finding f
     WHERE f.line_id = e.line_id AND f.tower_id = e.tower_id AND f.kind = e.kind AND f.inspected_at >= e.opened_at
     GROUP BY f.flight_id ORDER BY min(f.inspected_at) LIMIT 1
  ) AS look ON true;

SELECT admit_dashboard_reader();
