-- A connection's tools are called HANDLE_operation, so that a handle is one connection's for good.
ALTER TABLE connection ADD COLUMN handle text NOT NULL DEFAULT '';
-- What of it is no secret and not asked by its own name: who signs in where, what was permitted.
ALTER TABLE connection ADD COLUMN settings text NOT NULL DEFAULT '{}';
-- Why it must be connected again, in a sentence.
ALTER TABLE connection ADD COLUMN problem text NOT NULL DEFAULT '';
ALTER TABLE connection ADD COLUMN rotated_at bigint;
CREATE UNIQUE INDEX connection_handle ON connection (account_id, handle);

DROP INDEX persona_grant_tool;
CREATE UNIQUE INDEX persona_grant_tool
  ON persona_grant (account_id, persona_id, connection_id, tool);

-- Calls of a connection's tools that are under way. The row is written before anything is sent and
-- gone when the end is on record, so that a call whose process died is seen to by the next one.
CREATE TABLE outside_call (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid bytea NOT NULL,
  connection_id bigint NOT NULL,
  tool text NOT NULL,
  persona_id bigint NOT NULL,
  person_id bigint NOT NULL,
  token_id bigint NOT NULL,
  door text NOT NULL,
  conversation_uuid bytea,
  approval_uuid bytea,
  prompt text NOT NULL,
  arguments text NOT NULL,
  idempotency_key text NOT NULL,
  key_digest bytea,
  fingerprint bytea,
  dry_run bigint NOT NULL,
  price bigint NOT NULL,
  points bigint NOT NULL,
  sent bigint NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX outside_call_uuid ON outside_call (account_id, uuid);
