INSERT INTO reaction (conversation_id, turn, kind, p) VALUES (:conversation_id, :turn, :kind, :p)
