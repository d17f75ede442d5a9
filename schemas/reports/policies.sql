-- Policies told in the period: those with enough episodes by their dispute rate, the others by their episodes.
WITH a AS (
    SELECT policy_id, style,
           sum(episodes * (day >= :from AND day < :to)) AS n,
           sum(disputed * (day >= :from AND day < :to)) AS d,
           sum(hostile * (day >= :from AND day < :to)) AS hostile,
           sum(upset_before * (day >= :from AND day < :to)) AS upset_before,
           sum(rounds * (day >= :from AND day < :to)) AS rounds,
           sum(episodes * (day >= :before AND day < :before_to)) AS n_before,
           sum(disputed * (day >= :before AND day < :before_to)) AS d_before
    FROM agg_policy_day
    WHERE (day >= :from AND day < :to) OR (day >= :before AND day < :before_to)
    GROUP BY policy_id, style
), c AS (
    SELECT policy_id, sum(n) AS n, sum(d) AS d, sum(hostile) AS hostile, sum(upset_before) AS upset_before,
           sum(n * (style = 'confrontational')) AS n_confrontational, sum(n * (style = 'choice')) AS n_choice,
           sum(n * (style = 'neutral')) AS n_neutral, sum(n * (style = 'offrecord')) AS n_offrecord,
           sum(d * (style = 'confrontational')) AS d_confrontational, sum(d * (style = 'choice')) AS d_choice,
           sum(d * (style = 'neutral')) AS d_neutral, sum(d * (style = 'offrecord')) AS d_offrecord,
           sum(n_before) AS n_before, sum(d_before) AS d_before, sum(rounds) AS rounds
    FROM a
    GROUP BY policy_id
)
SELECT p.policy_id, p.external_id AS policy, p.title, p.owner, p.is_listed,
       c.n, c.d, c.hostile, c.upset_before,
       c.n_confrontational, c.n_choice, c.n_neutral, c.n_offrecord,
       c.d_confrontational, c.d_choice, c.d_neutral, c.d_offrecord,
       c.n_before, c.d_before, c.rounds
FROM c JOIN policy p ON p.policy_id = c.policy_id
WHERE c.n > 0
ORDER BY c.n < :enough, CASE WHEN c.n >= :enough THEN -1.0 * c.d / c.n END, c.n DESC, p.external_id
