INSERT INTO hit_list (conversation_id, hits) VALUES (:conversation_id, :hits)
