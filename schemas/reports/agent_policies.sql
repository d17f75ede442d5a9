-- Agent x policy, the most disputes first.
WITH c AS (
    SELECT agent_id, policy_id, sum(episodes) AS n, sum(disputed) AS d, sum(hostile) AS hostile,
           sum(upset_before) AS upset_before,
           sum(episodes * (style = 'confrontational')) AS n_confrontational,
           sum(episodes * (style = 'choice')) AS n_choice,
           sum(episodes * (style = 'neutral')) AS n_neutral,
           sum(episodes * (style = 'offrecord')) AS n_offrecord
    FROM agg_agent_day
    WHERE day >= :from AND day < :to
    GROUP BY agent_id, policy_id
    HAVING sum(episodes) > 0
    ORDER BY d DESC, n DESC, agent_id, policy_id
    LIMIT :limit
)
SELECT c.agent_id, c.policy_id, coalesce(a.external_id, '') AS agent,
       coalesce(nullif(a.name, ''), a.external_id, '') AS name, p.external_id AS policy, p.title, c.n, c.d, c.hostile,
       c.upset_before, c.n_confrontational, c.n_choice, c.n_neutral, c.n_offrecord
FROM c JOIN policy p ON p.policy_id = c.policy_id LEFT JOIN agent a ON a.agent_id = c.agent_id
ORDER BY c.d DESC, c.n DESC, c.agent_id, c.policy_id
