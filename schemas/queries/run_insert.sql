INSERT INTO run (command, version, started_at) VALUES (:command, :version, :started_at)
