-- Views that say what the page says, week by week (ISO 8601, as in 0003): rates with Wilson's limits, differences with
-- Newcombe's, agents against what their policies and the moods of their customers let expect, odds ratios by Mantel and
-- Haenszel with the limits of Robins, Breslow and Greenland. schemas/README.md describes them. A value that cannot be
-- estimated is NULL.

-- One row a week and policy.
CREATE VIEW v_policy_week_rate AS
WITH c AS (
    SELECT week, policy, title, sum(episodes) AS n, sum(disputed) AS x,
           sum(episodes) FILTER (WHERE style = 'confrontational') AS n1,
           sum(disputed) FILTER (WHERE style = 'confrontational') AS x1,
           sum(episodes) FILTER (WHERE style = 'choice') AS n2,
           sum(disputed) FILTER (WHERE style = 'choice') AS x2
    FROM v_policy_week
    GROUP BY week, policy
), p AS (
    SELECT *, 1.0 * x / n AS p, 1.0 * x1 / n1 AS p1, 1.0 * x2 / n2 AS p2, 3.841458820694124 AS zz FROM c
), w AS (
    SELECT *,
           max(0, (p + zz / (2 * n) - sqrt(zz * (p * (1 - p) / n + zz / (4.0 * n * n)))) / (1 + zz / n)) AS low,
           min(1, (p + zz / (2 * n) + sqrt(zz * (p * (1 - p) / n + zz / (4.0 * n * n)))) / (1 + zz / n)) AS high,
           max(0, (p1 + zz / (2 * n1) - sqrt(zz * (p1 * (1 - p1) / n1 + zz / (4.0 * n1 * n1)))) / (1 + zz / n1)) AS l1,
           min(1, (p1 + zz / (2 * n1) + sqrt(zz * (p1 * (1 - p1) / n1 + zz / (4.0 * n1 * n1)))) / (1 + zz / n1)) AS u1,
           max(0, (p2 + zz / (2 * n2) - sqrt(zz * (p2 * (1 - p2) / n2 + zz / (4.0 * n2 * n2)))) / (1 + zz / n2)) AS l2,
           min(1, (p2 + zz / (2 * n2) + sqrt(zz * (p2 * (1 - p2) / n2 + zz / (4.0 * n2 * n2)))) / (1 + zz / n2)) AS u2
    FROM p
)
SELECT week, policy, title, n AS episodes, x AS disputed, p AS dispute_rate, low AS dispute_rate_low,
       high AS dispute_rate_high,
       coalesce(n1, 0) AS confrontational, coalesce(x1, 0) AS confrontational_disputed,
       coalesce(n2, 0) AS choice, coalesce(x2, 0) AS choice_disputed,
       p1 - p2 AS style_difference,
       p1 - p2 - sqrt((p1 - l1) * (p1 - l1) + (u2 - p2) * (u2 - p2)) AS style_difference_low,
       p1 - p2 + sqrt((u1 - p1) * (u1 - p1) + (p2 - l2) * (p2 - l2)) AS style_difference_high
FROM w;

-- One row a week and agent; agent '' is nobody known. expected_x: what all agents together had in the same policies,
-- with customers in the same mood before.
CREATE VIEW v_agent_week AS
WITH w AS ( -- the days there are, so that a week is found without reading all
    SELECT day, coalesce(strftime('%Y', day, '-3 days', 'weekday 4') || '-W' ||
                    printf('%02d', (strftime('%j', day, '-3 days', 'weekday 4') + 6) / 7), '') AS week
    FROM (SELECT DISTINCT day FROM agg_policy_day)
), r AS (
    SELECT w.week, g.policy_id,
           1.0 * sum(disputed - upset_disputed) / nullif(sum(episodes - upset_before), 0) AS calm_disputed,
           1.0 * sum(upset_disputed) / nullif(sum(upset_before), 0) AS upset_disputed,
           1.0 * sum((episodes - upset_before) * (style = 'confrontational')) /
               nullif(sum(episodes - upset_before), 0) AS calm_confrontational,
           1.0 * sum(upset_before * (style = 'confrontational')) / nullif(sum(upset_before), 0) AS upset_confrontational
    FROM w JOIN agg_policy_day AS g ON g.day = w.day
    GROUP BY w.week, g.policy_id
), c AS (
    SELECT w.week, g.agent_id, g.policy_id, sum(episodes) AS n, sum(upset_before) AS upset, sum(disputed) AS disputed,
           sum(episodes * (style = 'confrontational')) AS confrontational
    FROM w JOIN agg_agent_day AS g ON g.day = w.day
    GROUP BY w.week, g.agent_id, g.policy_id
), x AS (
    SELECT c.week, c.agent_id, sum(c.n) AS episodes, sum(c.disputed) AS disputed,
           sum((c.n - c.upset) * coalesce(r.calm_disputed, 0) +
               c.upset * coalesce(r.upset_disputed, 0)) AS expected_disputed,
           sum(c.confrontational) AS confrontational,
           sum((c.n - c.upset) * coalesce(r.calm_confrontational, 0) +
               c.upset * coalesce(r.upset_confrontational, 0)) AS expected_confrontational
    FROM c JOIN r ON r.week = c.week AND r.policy_id = c.policy_id
    GROUP BY c.week, c.agent_id
)
SELECT x.week, coalesce(a.external_id, '') AS agent, coalesce(a.name, '') AS name, coalesce(a.team, '') AS team,
       x.episodes, x.disputed, x.expected_disputed, x.disputed / nullif(x.expected_disputed, 0) AS disputed_ratio,
       x.confrontational, x.expected_confrontational,
       x.confrontational / nullif(x.expected_confrontational, 0) AS confrontational_ratio
FROM x LEFT JOIN agent AS a ON a.agent_id = x.agent_id;

-- One row a week: the odds of dispute when told as a confrontation, against told as a choice, in the same policy and
-- with customers in the same mood before.
CREATE VIEW v_style_week AS
WITH g AS (
    SELECT coalesce(strftime('%Y', day, '-3 days', 'weekday 4') || '-W' ||
             printf('%02d', (strftime('%j', day, '-3 days', 'weekday 4') + 6) / 7), '') AS week, *
    FROM agg_policy_day
    WHERE style = 'confrontational' OR style = 'choice'
), m AS (
    SELECT week, policy_id, 0 AS mood, style, episodes - upset_before AS n, disputed - upset_disputed AS x FROM g
    UNION ALL
    SELECT week, policy_id, 1, style, upset_before, upset_disputed FROM g
), t AS (
    SELECT week, policy_id, mood,
           1.0 * coalesce(sum(x) FILTER (WHERE style = 'confrontational'), 0) AS a,
           1.0 * coalesce(sum(n - x) FILTER (WHERE style = 'confrontational'), 0) AS b,
           1.0 * coalesce(sum(x) FILTER (WHERE style = 'choice'), 0) AS c,
           1.0 * coalesce(sum(n - x) FILTER (WHERE style = 'choice'), 0) AS d
    FROM m
    GROUP BY week, policy_id, mood
), s AS (
    SELECT week, count(*) AS strata, sum(a * d / n) AS r, sum(b * c / n) AS s,
           sum((a + d) * a * d / (n * n)) / (2 * sum(a * d / n) * sum(a * d / n)) +
           sum(((a + d) * b * c + (b + c) * a * d) / (n * n)) / (2 * sum(a * d / n) * sum(b * c / n)) +
           sum((b + c) * b * c / (n * n)) / (2 * sum(b * c / n) * sum(b * c / n)) AS variance
    FROM (SELECT *, a + b + c + d AS n FROM t)
    WHERE a + b > 0 AND c + d > 0 AND a + c > 0 AND b + d > 0
    GROUP BY week
)
SELECT week, strata, CASE WHEN r > 0 AND s > 0 THEN r / s END AS odds_ratio,
       exp(ln(r / s) - 1.959963984540054 * sqrt(variance)) AS odds_ratio_low,
       exp(ln(r / s) + 1.959963984540054 * sqrt(variance)) AS odds_ratio_high
FROM s;

-- One row a week and practice: the odds of dispute with it, against without it, in the same policy.
CREATE VIEW v_practice_week AS
WITH g AS (
    SELECT coalesce(strftime('%Y', day, '-3 days', 'weekday 4') || '-W' ||
             printf('%02d', (strftime('%j', day, '-3 days', 'weekday 4') + 6) / 7), '') AS week, *
    FROM agg_policy_day
), m AS (
    SELECT week, policy_id, practice.name AS practice, bit, episodes AS n, disputed AS x,
           CASE practice.name
               WHEN 'reason' THEN reason WHEN 'acknowledge' THEN acknowledge
               WHEN 'align' THEN align WHEN 'apology' THEN apology
               WHEN 'alternative' THEN alternative WHEN 'probe' THEN probe
               WHEN 'escalate' THEN escalate WHEN 'advocate' THEN advocate
               WHEN 'autonomy' THEN autonomy WHEN 'blame' THEN blame
               WHEN 'absolute' THEN absolute END AS pn,
           CASE practice.name
               WHEN 'reason' THEN reason_disputed WHEN 'acknowledge' THEN acknowledge_disputed
               WHEN 'align' THEN align_disputed WHEN 'apology' THEN apology_disputed
               WHEN 'alternative' THEN alternative_disputed WHEN 'probe' THEN probe_disputed
               WHEN 'escalate' THEN escalate_disputed WHEN 'advocate' THEN advocate_disputed
               WHEN 'autonomy' THEN autonomy_disputed WHEN 'blame' THEN blame_disputed
               WHEN 'absolute' THEN absolute_disputed END AS px
    FROM g CROSS JOIN practice
), t AS (
    SELECT week, policy_id, practice, bit, 1.0 * sum(px) AS a, 1.0 * sum(pn - px) AS b, 1.0 * sum(x - px) AS c,
           1.0 * sum(n - pn - x + px) AS d
    FROM m
    GROUP BY week, policy_id, practice
), s AS (
    SELECT week, practice, count(*) AS strata, sum(a * d / n) AS r, sum(b * c / n) AS s,
           sum((a + d) * a * d / (n * n)) / (2 * sum(a * d / n) * sum(a * d / n)) +
           sum(((a + d) * b * c + (b + c) * a * d) / (n * n)) / (2 * sum(a * d / n) * sum(b * c / n)) +
           sum((b + c) * b * c / (n * n)) / (2 * sum(b * c / n) * sum(b * c / n)) AS variance
    FROM (SELECT *, a + b + c + d AS n FROM t)
    WHERE a + b > 0 AND c + d > 0 AND a + c > 0 AND b + d > 0
    GROUP BY week, practice
), k AS (
    SELECT week, practice, bit, CAST(sum(a + b) AS INTEGER) AS n, CAST(sum(a) AS INTEGER) AS x,
           CAST(sum(c + d) AS INTEGER) AS n0, CAST(sum(c) AS INTEGER) AS x0
    FROM t
    GROUP BY week, practice
)
SELECT k.week, k.practice, k.n AS episodes, k.x AS disputed, k.n0 AS episodes_without, k.x0 AS disputed_without,
       CASE WHEN r > 0 AND s > 0 THEN r / s END AS odds_ratio,
       exp(ln(r / s) - 1.959963984540054 * sqrt(variance)) AS odds_ratio_low,
       exp(ln(r / s) + 1.959963984540054 * sqrt(variance)) AS odds_ratio_high
FROM k LEFT JOIN s ON s.week = k.week AND s.practice = k.practice;
