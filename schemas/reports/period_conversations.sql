SELECT coalesce(sum(conversations), 0) FROM agg_conversation_day WHERE day >= :from AND day < :to
