-- The same in PostgreSQL, over happening_keys(event_id text, document_id text, keys bigint[], keys_around bigint[]).
WITH own AS (
  SELECT event_id, document_id, unnest(keys) AS key FROM happening_keys
),
around AS (
  SELECT event_id, document_id, unnest(keys_around) AS key FROM happening_keys
),
common AS (
  SELECT key FROM own GROUP BY key HAVING count(*) <= 64
)
SELECT own.event_id AS a, around.event_id AS b, count(*) AS shared
FROM common JOIN own USING (key) JOIN around USING (key)
-- keys meet both ways: each pair once
WHERE own.document_id < around.document_id
GROUP BY own.event_id, around.event_id
