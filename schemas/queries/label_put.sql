INSERT INTO label (conversation_id, turn, kind, value, labeller, labelled_at)
VALUES (:conversation_id, :turn, :kind, :value, :labeller, :labelled_at)
ON CONFLICT (conversation_id, turn, kind, labeller) DO UPDATE SET
    value = excluded.value, labelled_at = excluded.labelled_at
