SELECT content, is_redacted FROM conversation_part WHERE conversation_id = :conversation_id AND part = :part
