-- The boxes of one photograph are found by index: as a view with a named part that is read once for both halves, every
-- word that anybody ever said of a box was read for each photograph.

CREATE OR REPLACE VIEW annotation AS
WITH word AS NOT MATERIALIZED (
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
