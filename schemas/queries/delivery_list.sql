SELECT turn, style, policy_id FROM delivery WHERE conversation_id = :conversation_id ORDER BY turn
