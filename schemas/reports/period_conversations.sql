SELECT count(*) FROM conversation WHERE day >= :from AND day < :to
