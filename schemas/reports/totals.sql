-- Episodes by style, in the period and in the equal period before.
SELECT style,
       sum(episodes * (day >= :from AND day < :to)) AS episodes,
       sum(disputed * (day >= :from AND day < :to)) AS disputed,
       sum(hostile * (day >= :from AND day < :to)) AS hostile,
       sum(upset_before * (day >= :from AND day < :to)) AS upset_before,
       sum(episodes * (day >= :before AND day < :before_to)) AS episodes_before,
       sum(disputed * (day >= :before AND day < :before_to)) AS disputed_before
FROM agg_policy_day
WHERE (day >= :from AND day < :to) OR (day >= :before AND day < :before_to)
GROUP BY style
ORDER BY style
