UPDATE run SET ended_at = :ended_at, exit_status = :exit_status WHERE run_id = :run_id
