-- The newest runs. scan: on purpose
SELECT command, version, started_at, ended_at, exit_status
FROM run
ORDER BY run_id DESC
LIMIT 5
