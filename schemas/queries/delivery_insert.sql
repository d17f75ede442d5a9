-- The rows that wait (store/pending.h). FAIL: the transaction is rolled back anyway, so nothing need be kept to undo this.
INSERT OR FAIL INTO delivery (
    conversation_id, turn, policy_id, agent_id, style, practices, p, p_style, key_phrases, is_uncertain, unsure_practices)
SELECT
    conversation_id, turn, policy_id, agent_id, style, practices, p, p_style, key_phrases, is_uncertain, unsure_practices
FROM pending_delivery
