UPDATE conversation SET ruleset_id = :ruleset_id WHERE conversation_id = :conversation_id
