-- What of its tower a photograph could show: a clean finding speaks of nothing else.

ALTER TABLE image
  -- Band of heights above the point of take-off that is in the frame at the tower; NULL where the pose is not known.
  ADD COLUMN view_lowest_metre double precision,
  ADD COLUMN view_highest_metre double precision,
  ADD COLUMN millimetre_per_pixel double precision,
  -- Kinds of object that were seen large enough to judge; NULL until it is analysed.
  ADD COLUMN objects_in_view text[];

UPDATE image SET objects_in_view = ARRAY(
  SELECT DISTINCT category FROM detection WHERE detection.image_id = image.image_id AND score >= 0.5 ORDER BY category
) WHERE state = 'analysed';
