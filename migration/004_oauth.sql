-- oauth -------------------------------------------------------------------------------------------

-- Clients are of no tenant: account_id is 0. `redirect_uris` is a JSON list.
CREATE TABLE oauth_client (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  client_id text NOT NULL,
  name text NOT NULL,
  redirect_uris text NOT NULL,
  authentication text NOT NULL,
  secret_hash bytea,
  created_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX oauth_client_name ON oauth_client (client_id);
CREATE INDEX oauth_client_age ON oauth_client (created_at);

-- What a person has allowed a client. `redirect_uri` and `challenge` are for the code it began with.
CREATE TABLE oauth_grant (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  client_id text NOT NULL,
  client_name text NOT NULL,
  user_id bigint NOT NULL,
  subject_id bigint NOT NULL,
  scopes text NOT NULL,
  resource text NOT NULL,
  redirect_uri text NOT NULL,
  challenge text NOT NULL,
  revoked_at bigint,
  created_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE INDEX oauth_grant_subject ON oauth_grant (account_id, subject_id);
CREATE INDEX oauth_grant_client ON oauth_grant (client_id);

-- Codes, access tokens and refresh tokens of a grant. Those that may be used once have a `spent_at`.
CREATE TABLE oauth_token (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  grant_id bigint NOT NULL,
  kind text NOT NULL,
  hash bytea NOT NULL,
  scopes text NOT NULL,
  expires_at bigint NOT NULL,
  spent_at bigint,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX oauth_token_hash ON oauth_token (hash);
CREATE INDEX oauth_token_grant ON oauth_token (account_id, grant_id);
CREATE INDEX oauth_token_expiry ON oauth_token (expires_at);
