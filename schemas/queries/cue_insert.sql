INSERT INTO cue (name) VALUES (:name)
