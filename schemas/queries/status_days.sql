-- The first and the last day of the conversations; NULL if there are none.
SELECT (SELECT min(day) FROM conversation WHERE day > '') AS first_day,
       (SELECT max(day) FROM conversation WHERE day > '') AS last_day
