-- Who was asked to join an account and has a mail with the way in. Of what is in the mail only the hash is kept.
CREATE TABLE invitation (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  email text NOT NULL,
  name text NOT NULL,
  role text NOT NULL,
  hash bytea NOT NULL,
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  accepted_at bigint,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX invitation_hash ON invitation (hash);
