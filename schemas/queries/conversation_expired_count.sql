-- How many conversations conversation_expire would delete.
SELECT count(*) FROM conversation WHERE day > '' AND day < :before
