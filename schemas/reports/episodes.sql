-- Every episode of the period, in the order of its index, in which the conversations lie side by side.
SELECT c.source, c.external_id AS conversation, e.day,
       coalesce(c.started_at, '') AS started_at, c.channel, c.queue,
       coalesce(a.external_id, '') AS agent, coalesce(nullif(a.name, ''), a.external_id, '') AS name,
       p.external_id AS policy, e.style, e.practices, e.p, e.first_turn, e.rounds,
       e.is_upset_before, e.is_hostile_before, e.is_disputed, e.dispute_turn, e.is_hostile_after, e.is_escalated,
       e.outcome, e.is_uncertain
FROM episode e
CROSS JOIN conversation c ON c.conversation_id = e.conversation_id
CROSS JOIN policy p ON p.policy_id = e.policy_id
LEFT JOIN agent a ON a.agent_id = e.agent_id
WHERE e.day >= :from AND e.day < :to AND e.is_uncertain <= :most_uncertain
ORDER BY e.day, e.conversation_id, e.policy_id
