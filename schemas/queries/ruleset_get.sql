SELECT ruleset_id FROM ruleset WHERE hash = :hash
