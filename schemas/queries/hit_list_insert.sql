-- The rows that wait (store/pending.h). FAIL: the transaction is rolled back anyway, so nothing need be kept to undo this.
INSERT OR FAIL INTO hit_list (conversation_id, hits)
SELECT conversation_id, hits FROM pending_hit_list
