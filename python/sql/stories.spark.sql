-- Pairs of near-copies, from the view story_keys (isnad.spark.stories): candidates share a band, and every candidate is measured.
-- Jaccard is exact up to 1,536 shingles; of longer texts the 1,536 lowest hashes of the union are the sample.
WITH band AS (
  SELECT document_id, explode(bands) AS band FROM story_keys
),
-- a band that thousands share is boilerplate: such pairs share other bands as well
common AS (
  SELECT band FROM band GROUP BY band HAVING count(*) BETWEEN 2 AND 1000
),
candidate AS (
  SELECT DISTINCT x.document_id AS a, y.document_id AS b
  FROM common JOIN band x USING (band) JOIN band y USING (band)
  WHERE x.document_id < y.document_id
),
sample AS (
  SELECT a, b, x.shingles AS xs, y.shingles AS ys,
    CASE WHEN x.shingle_count <= 1536 AND y.shingle_count <= 1536
      THEN array_union(x.shingles, y.shingles)
      ELSE slice(array_sort(array_union(x.shingles, y.shingles)), 1, 1536) END AS both
  FROM candidate JOIN story_keys x ON x.document_id = a JOIN story_keys y ON y.document_id = b
)
SELECT a, b, size(array_intersect(array_intersect(xs, ys), both)) / size(both) AS jaccard
FROM sample
WHERE size(array_intersect(array_intersect(xs, ys), both)) >= 0.6 * size(both)
