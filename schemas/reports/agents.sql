-- Agents: styles and disputes of the policies they told first. "expected" are the disputes there would be if each policy
-- had been disputed as often as with all agents together: it takes out the luck of the policies one happens to tell.
WITH rate AS (
    SELECT policy_id, 1.0 * sum(disputed) / sum(episodes) AS r
    FROM agg_policy_day
    WHERE day >= :from AND day < :to
    GROUP BY policy_id
    HAVING sum(episodes) > 0
), cell AS (
    SELECT agent_id, policy_id,
           sum(episodes * (day >= :from AND day < :to)) AS n,
           sum(disputed * (day >= :from AND day < :to)) AS d,
           sum(hostile * (day >= :from AND day < :to)) AS hostile,
           sum(upset_before * (day >= :from AND day < :to)) AS upset_before,
           sum(episodes * (day >= :from AND day < :to AND style = 'confrontational')) AS n_confrontational,
           sum(episodes * (day >= :from AND day < :to AND style = 'choice')) AS n_choice,
           sum(episodes * (day >= :from AND day < :to AND style = 'neutral')) AS n_neutral,
           sum(episodes * (day >= :from AND day < :to AND style = 'offrecord')) AS n_offrecord,
           sum(episodes * (day >= :before AND day < :before_to)) AS n_before,
           sum(disputed * (day >= :before AND day < :before_to)) AS d_before,
           sum(episodes * (day >= :before AND day < :before_to AND style = 'confrontational')) AS n_confrontational_before
    FROM agg_agent_day
    WHERE (day >= :from AND day < :to) OR (day >= :before AND day < :before_to)
    GROUP BY agent_id, policy_id
), c AS (
    SELECT cell.agent_id, sum(n) AS n, sum(d) AS d, sum(n * coalesce(rate.r, 0)) AS expected,
           sum(hostile) AS hostile, sum(upset_before) AS upset_before,
           sum(n_confrontational) AS n_confrontational, sum(n_choice) AS n_choice,
           sum(n_neutral) AS n_neutral, sum(n_offrecord) AS n_offrecord,
           sum(n_before) AS n_before, sum(d_before) AS d_before,
           sum(n_confrontational_before) AS n_confrontational_before, sum(n > 0) AS policies
    FROM cell LEFT JOIN rate ON rate.policy_id = cell.policy_id
    GROUP BY cell.agent_id
)
SELECT c.agent_id, coalesce(a.external_id, '') AS agent, coalesce(nullif(a.name, ''), a.external_id, '') AS name,
       coalesce(a.team, '') AS team, c.n, c.d, c.hostile, c.upset_before,
       c.n_confrontational, c.n_choice, c.n_neutral, c.n_offrecord,
       c.n_before, c.d_before, c.n_confrontational_before, c.expected, c.policies
FROM c LEFT JOIN agent a ON a.agent_id = c.agent_id
WHERE c.n > 0
ORDER BY c.n < :enough, CASE WHEN c.n >= :enough THEN -1.0 * c.n_confrontational / c.n END, c.n DESC, agent, c.agent_id
