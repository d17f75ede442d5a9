DELETE FROM label WHERE conversation_id = :conversation_id AND turn >= :turn
