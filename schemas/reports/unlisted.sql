-- Key phrases of deliveries that no policy of the catalogue covers. A delivery counts for each of its phrases.
WITH u AS (
    SELECT policy_id FROM policy WHERE external_id = 'unlisted'
), d AS (
    SELECT d.conversation_id, d.turn, d.key_phrases, e.is_disputed
    FROM u CROSS JOIN episode e CROSS JOIN delivery d
    WHERE e.day >= :from AND e.day < :to AND e.policy_id = u.policy_id
      AND e.is_uncertain <= :most_uncertain AND d.is_uncertain <= :most_uncertain
      AND d.conversation_id = e.conversation_id AND d.policy_id = u.policy_id AND d.key_phrases <> ''
), x AS (
    SELECT trim(j.value) AS phrase, d.conversation_id, d.turn, d.is_disputed
    FROM d, json_each('[' || replace(json_quote(d.key_phrases), ', ', '","') || ']') j
)
SELECT phrase, count(*) AS deliveries, count(DISTINCT conversation_id) AS n,
       count(DISTINCT CASE WHEN is_disputed THEN conversation_id END) AS d,
       min(CASE WHEN is_disputed THEN 0 ELSE 1000000000000000 END + conversation_id * 100000 + turn) AS first,
       conversation_id, turn
FROM x
WHERE phrase <> ''
GROUP BY phrase
ORDER BY n DESC, phrase
LIMIT :limit
