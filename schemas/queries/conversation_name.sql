SELECT external_id FROM conversation WHERE conversation_id = :conversation_id
