SELECT cue_id FROM cue WHERE name = :name
