-- How many conversations are not tagged yet, and how many by another ruleset than :hash. scan: on purpose (it is a
-- small table)
SELECT coalesce(sum(a.conversations) FILTER (WHERE a.ruleset_id = 0), 0) AS untagged,
    coalesce(sum(a.conversations) FILTER (WHERE r.hash <> :hash), 0) AS tagged_otherwise
FROM agg_conversation_day AS a
LEFT JOIN ruleset AS r USING (ruleset_id)
