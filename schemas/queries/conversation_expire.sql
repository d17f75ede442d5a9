-- Retention: conversations that began before :before; what was derived from them goes with them (ON DELETE CASCADE).
DELETE FROM conversation WHERE day > '' AND day < :before
