-- What somebody elsewhere wants to be told. `due_at`: when the next of what waits for it may be sent; none: nothing waits.
-- `rest_until`: it failed the last `failures` times, and is left alone until then.
CREATE TABLE webhook_subscription (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid bytea NOT NULL,
  name text NOT NULL,
  event_type text NOT NULL,
  url text NOT NULL,
  status text NOT NULL,
  attributes text NOT NULL,
  secret_uuid bytea NOT NULL,
  failures bigint NOT NULL,
  rest_until bigint NOT NULL,
  due_at bigint,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX webhook_subscription_uuid ON webhook_subscription (account_id, uuid);
CREATE INDEX webhook_subscription_due ON webhook_subscription (due_at) WHERE due_at IS NOT NULL;

-- One event for one of them. `body` is what is sent, byte for byte; '' once its contact is forgotten.
CREATE TABLE webhook_delivery (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid bytea NOT NULL,
  subscription_id bigint NOT NULL,
  type text NOT NULL,
  contact bytea,
  body text NOT NULL,
  state text NOT NULL,
  attempts bigint NOT NULL,
  tries bigint NOT NULL,
  due_at bigint NOT NULL,
  status bigint,
  words text NOT NULL,
  problem text NOT NULL,
  created_at bigint NOT NULL,
  attempted_at bigint,
  ended_at bigint,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX webhook_delivery_uuid ON webhook_delivery (account_id, uuid);
CREATE INDEX webhook_delivery_due ON webhook_delivery (account_id, subscription_id, due_at, id) WHERE state = 'waiting';
CREATE INDEX webhook_delivery_subscription ON webhook_delivery (account_id, subscription_id, id);
CREATE INDEX webhook_delivery_contact ON webhook_delivery (account_id, contact) WHERE contact IS NOT NULL;
CREATE INDEX webhook_delivery_created ON webhook_delivery (created_at);
