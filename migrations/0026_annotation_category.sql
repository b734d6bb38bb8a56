-- Numbers of the classes in exported sets: given once, so that sets of different days can be merged.

CREATE TABLE annotation_category (
  -- From 1 without gaps: YOLO's class numbers are one less.
  category_id smallint PRIMARY KEY CHECK (category_id >= 1),
  name        text NOT NULL UNIQUE,
  -- A thing that belongs on the line, or something wrong with one; NULL where nobody has said.
  kind        text CHECK (kind IN ('object', 'defect'))
);

INSERT INTO annotation_category (category_id, name, kind)
VALUES (1, 'insulator', 'object'), (2, 'joint', 'object'), (3, 'broken_insulator', 'defect'), (4, 'failing_joint', 'defect');

SELECT admit_dashboard_reader();

-- Annotations made elsewhere name their pictures, with their ending or without.
CREATE INDEX image_file_name ON image (file_name);
CREATE INDEX image_file_stem ON image (regexp_replace(file_name, '\.[^.]*$', ''));
