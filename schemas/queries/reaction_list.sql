SELECT turn FROM reaction WHERE conversation_id = :conversation_id AND kind = :kind ORDER BY turn
