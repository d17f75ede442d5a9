CREATE TABLE pending_hit_list (
    conversation_id, hits)
