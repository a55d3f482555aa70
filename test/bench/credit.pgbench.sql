-- One credit reception by PostgreSQL alone, in its fastest single statement: the idempotency key,
-- the checked balance, reception, ledger entry and audit row. Run by pgbench, which is given :now,
-- the microseconds at its start.
\set contact random(0, 99999)
\set credits random(1, 100)
-- Ids that grow, as the program's own do, and never meet those of another client.
\set now :now + 1
\set id :now * 64 + :client_id
WITH k AS (
  INSERT INTO idempotency(account_id, key, at, status, reference)
  VALUES (:contact::bigint / 100, gen_random_uuid(), :now::bigint, 201, lpad(to_hex(:id::bigint), 32, '0')::uuid)
  ON CONFLICT DO NOTHING RETURNING reference),
u AS (
  UPDATE contact SET balance = balance + :credits::bigint, version = version + 1 FROM k
  WHERE account_id = :contact::bigint / 100 AND id = :contact::bigint AND balance + :credits::bigint >= 0
  RETURNING balance, reference),
r AS (
  INSERT INTO reception(account_id, id, contact_id, credits, unit_value, attributes, created_at)
  SELECT :contact::bigint / 100, reference, :contact::bigint, :credits::bigint, 12.5, repeat('a', 90), :now::bigint
  FROM u),
l AS (
  INSERT INTO ledger(account_id, id, contact_id, delta, balance_after, reference, created_at)
  SELECT :contact::bigint / 100, reference, :contact::bigint, :credits::bigint, balance, reference, :now::bigint
  FROM u),
a AS (
  INSERT INTO audit(account_id, id, at, entity, payload)
  SELECT :contact::bigint / 100, reference, :now::bigint, reference, repeat('a', 200) FROM u)
SELECT balance FROM u;
