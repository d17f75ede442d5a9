CREATE TABLE pending_episode (
    conversation_id, policy_id, day, agent_id, style, practices, p, first_turn, rounds,
    is_upset_before, is_hostile_before, is_disputed, dispute_turn, is_hostile_after, is_escalated, outcome,
    is_uncertain)
