-- How a connection that was made by signing in there goes on: at which server, as which client. null
-- for one with a key.
ALTER TABLE connection ADD COLUMN sign_in text;
-- The secret with its refresh token.
ALTER TABLE connection ADD COLUMN refresh_uuid bytea;
-- When its access token ends.
ALTER TABLE connection ADD COLUMN access_until bigint;

-- A sign-in that has begun: the person is at the other side, or comes back, or never does. `state`
-- is the hash of what they must come back with; person_id is 0 where a program began it.
-- connection_uuid is the one that is made again, made_uuid the one that came of it. The secret
-- proves us, and is gone when the sign-in has ended.
CREATE TABLE pending_sign_in (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  state bytea NOT NULL,
  person_id bigint NOT NULL,
  connector text NOT NULL,
  base_url text NOT NULL,
  name text,
  handle text,
  connection_uuid bytea,
  made_uuid bytea,
  sign_in text NOT NULL,
  secret_uuid bytea,
  created_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX pending_sign_in_state ON pending_sign_in (account_id, state);
