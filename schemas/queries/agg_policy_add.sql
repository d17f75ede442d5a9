-- What a transaction adds to the counts (store/aggregate.c).
INSERT INTO agg_policy_day (
    day, policy_id, style, is_uncertain, episodes, disputed, hostile, upset_before, rounds, upset_disputed, reason,
    acknowledge, align, apology, alternative, probe, escalate, advocate, autonomy, blame, absolute, reason_disputed,
    acknowledge_disputed, align_disputed, apology_disputed, alternative_disputed, probe_disputed, escalate_disputed,
    advocate_disputed, autonomy_disputed, blame_disputed, absolute_disputed)
VALUES (
    :day, :policy_id, :style, :is_uncertain, :episodes, :disputed, :hostile, :upset_before, :rounds, :upset_disputed,
    :reason, :acknowledge, :align, :apology, :alternative, :probe, :escalate, :advocate, :autonomy, :blame, :absolute,
    :reason_disputed, :acknowledge_disputed, :align_disputed, :apology_disputed, :alternative_disputed,
    :probe_disputed, :escalate_disputed, :advocate_disputed, :autonomy_disputed, :blame_disputed, :absolute_disputed)
ON CONFLICT (day, policy_id, style, is_uncertain) DO UPDATE SET
    episodes = episodes + excluded.episodes, disputed = disputed + excluded.disputed,
    hostile = hostile + excluded.hostile, upset_before = upset_before + excluded.upset_before,
    rounds = rounds + excluded.rounds, upset_disputed = upset_disputed + excluded.upset_disputed,
    reason = reason + excluded.reason, acknowledge = acknowledge + excluded.acknowledge,
    align = align + excluded.align, apology = apology + excluded.apology,
    alternative = alternative + excluded.alternative, probe = probe + excluded.probe,
    escalate = escalate + excluded.escalate, advocate = advocate + excluded.advocate,
    autonomy = autonomy + excluded.autonomy, blame = blame + excluded.blame, absolute = absolute + excluded.absolute,
    reason_disputed = reason_disputed + excluded.reason_disputed,
    acknowledge_disputed = acknowledge_disputed + excluded.acknowledge_disputed,
    align_disputed = align_disputed + excluded.align_disputed,
    apology_disputed = apology_disputed + excluded.apology_disputed,
    alternative_disputed = alternative_disputed + excluded.alternative_disputed,
    probe_disputed = probe_disputed + excluded.probe_disputed,
    escalate_disputed = escalate_disputed + excluded.escalate_disputed,
    advocate_disputed = advocate_disputed + excluded.advocate_disputed,
    autonomy_disputed = autonomy_disputed + excluded.autonomy_disputed,
    blame_disputed = blame_disputed + excluded.blame_disputed,
    absolute_disputed = absolute_disputed + excluded.absolute_disputed
