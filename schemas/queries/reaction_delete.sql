DELETE FROM reaction WHERE conversation_id = :conversation_id
