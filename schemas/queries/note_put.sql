INSERT INTO conversation_note (conversation_id, is_redacted, role_origin, role_confidence)
VALUES (:conversation_id, :is_redacted, :role_origin, :role_confidence)
ON CONFLICT (conversation_id) DO UPDATE SET
    is_redacted = excluded.is_redacted, role_origin = excluded.role_origin, role_confidence = excluded.role_confidence
