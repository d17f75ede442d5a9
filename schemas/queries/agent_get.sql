SELECT agent_id, name FROM agent WHERE external_id = :external_id
