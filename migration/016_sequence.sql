-- Mails one after the other, and who is in which.
CREATE TABLE sequence (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid bytea NOT NULL,
  name text NOT NULL,
  description text NOT NULL,
  state text NOT NULL,
  subscription_type_id bigint NOT NULL,
  min_score bigint,
  max_score bigint,
  version bigint NOT NULL,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX sequence_uuid ON sequence (account_id, uuid);
CREATE UNIQUE INDEX sequence_name ON sequence (account_id, name);

-- What is sent and when. A version is never changed; people go on with the newest one.
CREATE TABLE sequence_version (
  account_id bigint NOT NULL,
  sequence_id bigint NOT NULL,
  version bigint NOT NULL,
  plan text NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (account_id, sequence_id, version)
);

-- `had` lists the names of the steps that were sent, the last one last. `due_at` is when the next one
-- is; it is looked at while `state` is waiting.
CREATE TABLE enrollment (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid bytea NOT NULL,
  sequence_id bigint NOT NULL,
  contact_id bigint NOT NULL,
  entry bigint NOT NULL,
  state text NOT NULL,
  had text NOT NULL,
  due_at bigint NOT NULL,
  first_send_at bigint NOT NULL,
  last_step_at bigint,
  reason text NOT NULL,
  stop_reason text NOT NULL,
  failures bigint NOT NULL,
  enrolled_at bigint NOT NULL,
  ended_at bigint,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX enrollment_uuid ON enrollment (account_id, uuid);
CREATE UNIQUE INDEX enrollment_entry ON enrollment (account_id, contact_id, sequence_id, entry);
CREATE INDEX enrollment_sequence ON enrollment (account_id, sequence_id, id);
CREATE INDEX enrollment_due ON enrollment (due_at, id) WHERE state = 'waiting';
