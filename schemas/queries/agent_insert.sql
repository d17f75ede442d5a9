INSERT INTO agent (external_id, name) VALUES (:external_id, :name)
