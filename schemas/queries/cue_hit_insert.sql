INSERT INTO cue_hit (conversation_id, turn, hit, cue_id, byte_from, byte_to, kind, weight)
VALUES (:conversation_id, :turn, :hit, :cue_id, :byte_from, :byte_to, :kind, :weight)
