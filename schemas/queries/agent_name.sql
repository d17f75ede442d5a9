-- The first name that an export gives stays; the roster may change it.
UPDATE agent SET name = :name WHERE agent_id = :agent_id
