SELECT is_redacted FROM conversation_note WHERE conversation_id = :conversation_id
