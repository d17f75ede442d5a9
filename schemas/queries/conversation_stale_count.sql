-- How many conversations have tags of another ruleset. scan: on purpose (it is a small table)
SELECT coalesce(sum(conversations), 0) FROM agg_conversation_day WHERE ruleset_id <> 0 AND ruleset_id <> :ruleset_id
