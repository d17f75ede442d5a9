SELECT ruleset_id FROM ruleset WHERE ruleset_id > :after ORDER BY ruleset_id LIMIT 1
