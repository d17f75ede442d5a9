-- What stands above an exchange.
SELECT c.source, c.external_id AS conversation, coalesce(c.started_at, '') AS started_at, c.channel, c.nturns,
       coalesce(nullif(a.name, ''), a.external_id, '') AS agent, p.title, d.style, d.practices,
       e.first_turn, e.dispute_turn, e.outcome, coalesce(a.external_id, '') AS agent_id,
       coalesce(e.is_uncertain OR d.is_uncertain, 0) AS is_uncertain
FROM conversation c
LEFT JOIN delivery d ON d.conversation_id = c.conversation_id AND d.turn = :turn
LEFT JOIN policy p ON p.policy_id = d.policy_id
LEFT JOIN episode e ON e.conversation_id = c.conversation_id AND e.policy_id = d.policy_id
LEFT JOIN agent a ON a.agent_id = coalesce(d.agent_id, c.agent_id)
WHERE c.conversation_id = :conversation
