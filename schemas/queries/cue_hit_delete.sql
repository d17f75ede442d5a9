DELETE FROM cue_hit WHERE conversation_id = :conversation_id
