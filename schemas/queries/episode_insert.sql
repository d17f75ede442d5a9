-- The rows that wait (store/pending.h). FAIL: the transaction is rolled back anyway, so nothing need be kept to undo this.
INSERT OR FAIL INTO episode (
    conversation_id, policy_id, day, agent_id, style, practices, p, first_turn, rounds, is_upset_before, is_hostile_before, is_disputed,
    dispute_turn, is_hostile_after, is_escalated, outcome, is_uncertain)
SELECT
    conversation_id, policy_id, day, agent_id, style, practices, p, first_turn, rounds, is_upset_before, is_hostile_before, is_disputed,
    dispute_turn, is_hostile_after, is_escalated, outcome, is_uncertain
FROM pending_episode
