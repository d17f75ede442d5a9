CREATE TABLE pending_delivery (
    conversation_id, turn, policy_id, agent_id, style, practices, p, p_style,
    key_phrases, is_uncertain, unsure_practices)
