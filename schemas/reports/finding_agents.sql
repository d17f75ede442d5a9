-- scan: on purpose (all agents, by their row ids)
SELECT agent_id, external_id, coalesce(nullif(name, ''), external_id) AS name, team
FROM agent
ORDER BY agent_id
