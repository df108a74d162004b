-- The same in PostgreSQL, over story_keys(document_id text, bands bigint[], shingles int[], shingle_count int).
WITH band AS MATERIALIZED (
  SELECT document_id, unnest(bands) AS band FROM story_keys
),
common AS (
  SELECT band FROM band GROUP BY band HAVING count(*) BETWEEN 2 AND 1000
),
candidate AS MATERIALIZED (
  SELECT DISTINCT x.document_id AS a, y.document_id AS b
  FROM common JOIN band x USING (band) JOIN band y USING (band)
  WHERE x.document_id < y.document_id
)
SELECT a, b, jaccard
FROM candidate
JOIN story_keys x ON x.document_id = a
JOIN story_keys y ON y.document_id = b
CROSS JOIN LATERAL (
  SELECT (count(*) FILTER (WHERE times = 2))::float8 / count(*) AS jaccard
  FROM (
    SELECT shingle, count(*) AS times
    FROM (SELECT unnest(x.shingles) UNION ALL SELECT unnest(y.shingles)) u(shingle)
    GROUP BY shingle
    ORDER BY shingle
    LIMIT CASE WHEN x.shingle_count <= 1536 AND y.shingle_count <= 1536 THEN NULL ELSE 1536 END
  ) s
) m
WHERE jaccard >= 0.6
