DELETE FROM conversation_note WHERE conversation_id = :conversation_id
