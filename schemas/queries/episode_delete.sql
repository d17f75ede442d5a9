DELETE FROM episode WHERE conversation_id = :conversation_id
