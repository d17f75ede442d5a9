-- The latest day that has a conversation; NULL if there is none.
SELECT max(day) FROM agg_conversation_day WHERE day > ''
