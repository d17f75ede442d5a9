-- The rows that wait (store/pending.h). FAIL: the transaction is rolled back anyway, so nothing need be kept to undo this.
INSERT OR FAIL INTO reaction (conversation_id, turn, kind, p, is_uncertain)
SELECT conversation_id, turn, kind, p, is_uncertain FROM pending_reaction
