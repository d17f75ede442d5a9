CREATE TABLE pending_reaction (
    conversation_id, turn, kind, p, is_uncertain)
