DELETE FROM hit_list WHERE conversation_id = :conversation_id
