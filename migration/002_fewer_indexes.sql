-- An index whose keys come in no order costs every write a page somewhere else. Two are gone: the
-- receptions of a contact are found through its entries in the ledger, and idempotency keys stand in
-- a list that only grows until many of them go to their index in one sweep.

DROP INDEX credit_reception_contact;
DROP INDEX idempotency_key;

CREATE TABLE idempotency_list (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  key bytea NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE TABLE idempotency_key (
  account_id bigint NOT NULL,
  key bytea NOT NULL,
  answer_id bigint NOT NULL,
  PRIMARY KEY (account_id, key)
);
INSERT INTO idempotency_list SELECT account_id, id, key FROM idempotency;
ALTER TABLE idempotency DROP COLUMN key;
