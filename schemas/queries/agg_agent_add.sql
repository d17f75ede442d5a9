-- What a transaction adds to the counts (store/aggregate.c).
INSERT INTO agg_agent_day (
    day, agent_id, policy_id, style, is_uncertain, episodes, disputed, hostile, upset_before, rounds, upset_disputed,
    reason, acknowledge, align, apology, alternative, probe, escalate, advocate, autonomy, blame, absolute)
VALUES (
    :day, :agent_id, :policy_id, :style, :is_uncertain, :episodes, :disputed, :hostile, :upset_before, :rounds,
    :upset_disputed,
    :reason, :acknowledge, :align, :apology, :alternative, :probe, :escalate, :advocate, :autonomy, :blame, :absolute)
ON CONFLICT (day, agent_id, policy_id, style, is_uncertain) DO UPDATE SET
    episodes = episodes + excluded.episodes, disputed = disputed + excluded.disputed,
    hostile = hostile + excluded.hostile, upset_before = upset_before + excluded.upset_before,
    rounds = rounds + excluded.rounds, upset_disputed = upset_disputed + excluded.upset_disputed,
    reason = reason + excluded.reason, acknowledge = acknowledge + excluded.acknowledge,
    align = align + excluded.align, apology = apology + excluded.apology,
    alternative = alternative + excluded.alternative, probe = probe + excluded.probe,
    escalate = escalate + excluded.escalate, advocate = advocate + excluded.advocate,
    autonomy = autonomy + excluded.autonomy, blame = blame + excluded.blame, absolute = absolute + excluded.absolute
