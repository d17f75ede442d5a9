INSERT INTO reaction (conversation_id, turn, kind, p, is_uncertain) VALUES (:conversation_id, :turn, :kind, :p, :is_uncertain)
