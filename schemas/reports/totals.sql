-- Episodes by style, in the period and in the equal period before.
SELECT style,
       sum(episodes * (day >= :from)) AS episodes,
       sum(disputed * (day >= :from)) AS disputed,
       sum(hostile * (day >= :from)) AS hostile,
       sum(upset_before * (day >= :from)) AS upset_before,
       sum(episodes * (day < :from)) AS episodes_before,
       sum(disputed * (day < :from)) AS disputed_before
FROM agg_policy_day
WHERE day >= :before AND day < :to
GROUP BY style
ORDER BY style
