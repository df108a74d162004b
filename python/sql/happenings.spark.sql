-- Pairs of claims that may tell of one happening, from the view happening_keys (isnad.spark.happening_keys), with the number of keys
-- they share. Whether they do is for `trace` to judge, or for whoever looks at them.
WITH own AS (
  SELECT event_id, document_id, explode(keys) AS key FROM happening_keys
),
around AS (
  SELECT event_id, document_id, explode(keys_around) AS key FROM happening_keys
),
-- keys that very many claims have tell nothing apart
common AS (
  SELECT key FROM own GROUP BY key HAVING count(*) <= 64
)
SELECT own.event_id AS a, around.event_id AS b, count(*) AS shared
FROM common JOIN own USING (key) JOIN around USING (key)
-- keys meet both ways: each pair once
WHERE own.document_id < around.document_id
GROUP BY own.event_id, around.event_id
