-- What contacts asked to be erased, and what became of it. After the erasure the row names nobody.
CREATE TABLE erasure_request (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid bytea NOT NULL,
  contact_id bigint,
  state text NOT NULL,
  channel text NOT NULL,
  note text NOT NULL,
  filed_by text NOT NULL,
  asked_at bigint NOT NULL,
  due_on text NOT NULL,
  decided_at bigint,
  decided_by text NOT NULL,
  reason text NOT NULL,
  done_at bigint,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX erasure_request_uuid ON erasure_request (account_id, uuid);
CREATE INDEX erasure_request_state ON erasure_request (account_id, state, due_on);
CREATE INDEX erasure_request_contact ON erasure_request (account_id, contact_id, id)
  WHERE contact_id IS NOT NULL;
CREATE UNIQUE INDEX erasure_request_waiting ON erasure_request (account_id, contact_id)
  WHERE state IN ('open', 'accepted');
