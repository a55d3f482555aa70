-- The tables of credit.pgbench.sql, with 100,000 contacts of 1,000 tenants.
CREATE TABLE contact(account_id bigint, id bigint, balance bigint NOT NULL CHECK (balance >= 0),
  version bigint NOT NULL DEFAULT 0, PRIMARY KEY (account_id, id)) WITH (fillfactor = 80);
CREATE TABLE reception(account_id bigint, id uuid, contact_id bigint NOT NULL, credits bigint NOT NULL,
  unit_value double precision, attributes text, created_at bigint NOT NULL, PRIMARY KEY (account_id, id));
CREATE INDEX reception_contact ON reception(account_id, contact_id, created_at);
CREATE TABLE ledger(account_id bigint, id uuid, contact_id bigint NOT NULL, delta bigint NOT NULL,
  balance_after bigint NOT NULL, reference uuid NOT NULL, created_at bigint NOT NULL,
  PRIMARY KEY (account_id, id));
CREATE TABLE audit(account_id bigint, id uuid, at bigint NOT NULL, entity uuid NOT NULL,
  payload text NOT NULL, PRIMARY KEY (account_id, id));
CREATE TABLE idempotency(account_id bigint, key uuid, at bigint NOT NULL, status int NOT NULL,
  reference uuid NOT NULL, PRIMARY KEY (account_id, key));
INSERT INTO contact(account_id, id, balance) SELECT g / 100, g, 1000 FROM generate_series(0, 99999) AS g;
VACUUM ANALYZE;
