DELETE FROM delivery WHERE conversation_id = :conversation_id
