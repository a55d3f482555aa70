-- What is sent to contacts, and what came of it. Sequences send through the same table.

CREATE TABLE mail_template (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid bytea NOT NULL,
  name text NOT NULL,
  subscription_type_id bigint NOT NULL,
  subject text NOT NULL,
  preheader text NOT NULL,
  html text NOT NULL,
  plain text NOT NULL,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX mail_template_uuid ON mail_template (account_id, uuid);
CREATE UNIQUE INDEX mail_template_name ON mail_template (account_id, name);

-- The sender's postal address, which the law wants in each mail; one row an account, with its id.
CREATE TABLE mail_sender (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  name text NOT NULL,
  postal_address text NOT NULL,
  PRIMARY KEY (account_id, id)
);

-- Addresses that get nothing, by their hash: who was erased stays suppressed without being known.
CREATE TABLE suppression (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  hash bytea NOT NULL,
  address text NOT NULL,
  reason text NOT NULL,
  note text NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX suppression_hash ON suppression (account_id, hash);

-- One message to one contact. `message` is what its Message-ID begins with, known once it is handed over.
CREATE TABLE send (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid bytea NOT NULL,
  contact_id bigint NOT NULL,
  template_id bigint NOT NULL,
  subscription_type_id bigint NOT NULL,
  key text NOT NULL,
  source bytea,
  variant text NOT NULL,
  voucher_code text NOT NULL,
  state text NOT NULL,
  reason text NOT NULL,
  attempts bigint NOT NULL,
  due_at bigint NOT NULL,
  message bytea,
  done_at bigint,
  created_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX send_uuid ON send (account_id, uuid);
CREATE UNIQUE INDEX send_key ON send (account_id, key);
CREATE INDEX send_contact ON send (account_id, contact_id, id);
CREATE INDEX send_source ON send (account_id, source, id);
CREATE INDEX send_due ON send (due_at, id) WHERE state = 'queued';
CREATE INDEX send_under_way ON send (account_id, id) WHERE state = 'sending';
CREATE INDEX send_message ON send (account_id, message) WHERE message IS NOT NULL;
CREATE INDEX send_done ON send (account_id, done_at) WHERE done_at IS NOT NULL;

-- What came of a message: opened, clicked, bounced. `happened_at` is when, `created_at` when we learnt of it.
CREATE TABLE mail_event (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  send_id bigint NOT NULL,
  contact_id bigint NOT NULL,
  source bytea,
  kind text NOT NULL,
  detail text NOT NULL,
  happened_at bigint NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE INDEX mail_event_happened ON mail_event (account_id, happened_at);
CREATE INDEX mail_event_created ON mail_event (account_id, created_at);
CREATE INDEX mail_event_send ON mail_event (account_id, send_id, kind);
CREATE INDEX mail_event_source ON mail_event (account_id, source, id);
CREATE INDEX mail_event_contact ON mail_event (account_id, contact_id, id);

CREATE TABLE campaign (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid bytea NOT NULL,
  name text NOT NULL,
  segment_uuid bytea NOT NULL,
  subscription_type_id bigint NOT NULL,
  promotion_id bigint NOT NULL,
  variants text NOT NULL,
  state text NOT NULL,
  problem text NOT NULL,
  send_at bigint NOT NULL,
  last_contact_id bigint NOT NULL,
  selected bigint NOT NULL,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX campaign_uuid ON campaign (account_id, uuid);
