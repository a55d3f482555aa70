-- People, what they and their personas did, and what it cost. Rows of which there is one an account
-- have the account's id.

-- access ------------------------------------------------------------------------------------------

-- Who may sign in to the account. Whoever belongs to several has a row in each, with one password.
CREATE TABLE person (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid bytea NOT NULL,
  email text NOT NULL,
  name text NOT NULL,
  role text NOT NULL,
  password text NOT NULL,
  failures bigint NOT NULL,
  next_try_at bigint NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX person_email ON person (account_id, email);
CREATE INDEX person_everywhere ON person (email);

CREATE TABLE session (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid bytea NOT NULL,
  person_id bigint NOT NULL,
  hash bytea NOT NULL,
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  ended_at bigint,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX session_hash ON session (hash);
CREATE INDEX session_person ON session (account_id, person_id);

-- Whose a token is: a person's, or the persona's that acts with it.
ALTER TABLE token ADD COLUMN person_id bigint;
ALTER TABLE token ADD COLUMN persona_id bigint;

-- audit -------------------------------------------------------------------------------------------

CREATE TABLE audit_call (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid bytea NOT NULL,
  made_at bigint NOT NULL,
  duration_us bigint NOT NULL,
  door text NOT NULL,
  person text NOT NULL,
  persona_uuid bytea,
  persona text NOT NULL,
  token_id bigint NOT NULL,
  operation text NOT NULL,
  contact_uuid bytea,
  previous_of_contact bigint NOT NULL,
  outcome text NOT NULL,
  price bigint NOT NULL,
  approval_uuid bytea,
  conversation_uuid bytea,
  prompt text NOT NULL,
  arguments text NOT NULL,
  response text NOT NULL,
  hash bytea NOT NULL,
  PRIMARY KEY (account_id, id)
);
-- Grows with time, so it finds a moment as well.
CREATE UNIQUE INDEX audit_call_uuid ON audit_call (account_id, uuid);
CREATE INDEX audit_call_persona ON audit_call (account_id, persona_uuid, id);

-- The newest call about a contact; from there each call names the one before it. An index of all calls
-- by contact would be written at another place by every call.
CREATE TABLE audit_contact (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  newest bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);

-- The answer that is remembered under a key stands in the record of the call, and nowhere twice.
ALTER TABLE idempotency ADD COLUMN call_id bigint;

CREATE TABLE audit_head (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  calls bigint NOT NULL,
  head bigint NOT NULL,
  head_hash bytea NOT NULL,
  PRIMARY KEY (account_id, id)
);

-- persona -----------------------------------------------------------------------------------------

CREATE TABLE persona (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid bytea NOT NULL,
  name text NOT NULL,
  instructions text NOT NULL,
  model text NOT NULL,
  avatar text NOT NULL,
  state text NOT NULL,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX persona_uuid ON persona (account_id, uuid);
CREATE UNIQUE INDEX persona_name ON persona (account_id, name);

CREATE TABLE persona_grant (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  persona_id bigint NOT NULL,
  connection_id bigint NOT NULL,
  tool text NOT NULL,
  ask text NOT NULL,
  calls_per_minute bigint,
  plan_credits_per_day bigint,
  points_per_day bigint,
  vouchers_per_call bigint,
  contacts_per_call bigint,
  granted_by bigint NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX persona_grant_tool ON persona_grant (account_id, persona_id, tool);

CREATE TABLE persona_usage (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  persona_id bigint NOT NULL,
  tool text NOT NULL,
  day bigint NOT NULL,
  calls bigint NOT NULL,
  plan_credits bigint NOT NULL,
  points bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX persona_usage_day ON persona_usage (account_id, day, persona_id, tool);

CREATE TABLE approval (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid bytea NOT NULL,
  persona_id bigint NOT NULL,
  person_id bigint NOT NULL,
  token_id bigint NOT NULL,
  door text NOT NULL,
  conversation_uuid bytea,
  prompt text NOT NULL,
  tool text NOT NULL,
  arguments text NOT NULL,
  digest bytea NOT NULL,
  idempotency_key text NOT NULL,
  reason text NOT NULL,
  effects text NOT NULL,
  price bigint NOT NULL,
  state text NOT NULL,
  decided_by bigint NOT NULL,
  decided_at bigint,
  note text NOT NULL,
  response text NOT NULL,
  collected bigint NOT NULL,
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX approval_uuid ON approval (account_id, uuid);
CREATE INDEX approval_digest ON approval (account_id, digest, id);
CREATE INDEX approval_state ON approval (account_id, state, id);

-- plan --------------------------------------------------------------------------------------------

CREATE TABLE account_plan (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  plan text NOT NULL,
  pack_credits bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);

CREATE TABLE plan_month (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  used bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);

-- connection --------------------------------------------------------------------------------------

CREATE TABLE connection (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid bytea NOT NULL,
  connector text NOT NULL,
  name text NOT NULL,
  base_url text NOT NULL,
  whose text NOT NULL,
  secret_uuid bytea,
  state text NOT NULL,
  expires_at bigint,
  last_used_at bigint,
  revoked_at bigint,
  created_by bigint NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX connection_uuid ON connection (account_id, uuid);

-- chat --------------------------------------------------------------------------------------------

CREATE TABLE conversation (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid bytea NOT NULL,
  persona_id bigint NOT NULL,
  person_id bigint NOT NULL,
  title text NOT NULL,
  state text NOT NULL,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX conversation_uuid ON conversation (account_id, uuid);
CREATE INDEX conversation_person ON conversation (account_id, person_id, id);

CREATE TABLE chat_message (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  conversation_id bigint NOT NULL,
  kind text NOT NULL,
  text text NOT NULL,
  content text NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE INDEX chat_message_of ON chat_message (account_id, conversation_id, id);
