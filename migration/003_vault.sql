
-- vault -------------------------------------------------------------------------------------------

-- `master` is the fingerprint of the master key that `wrapped` was made with. Of an account's keys
-- the one that is not replaced seals what is new.
CREATE TABLE vault_key (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  master text NOT NULL,
  wrapped bytea NOT NULL,
  created_at bigint NOT NULL,
  replaced_at bigint,
  PRIMARY KEY (account_id, id)
);
CREATE INDEX vault_key_master ON vault_key (master, id, account_id);
CREATE INDEX vault_key_replaced ON vault_key (id, account_id) WHERE replaced_at IS NOT NULL;

CREATE TABLE vault_secret (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid bytea NOT NULL,
  name text NOT NULL,
  key_id bigint NOT NULL,
  sealed bytea NOT NULL,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX vault_secret_uuid ON vault_secret (account_id, uuid);

-- Of the installation, so account_id is 0. `old_master` is the key that was in use when the change
-- was asked for, `master` the one that took its place.
CREATE TABLE vault_rotation (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid bytea NOT NULL,
  source text,
  old_master text NOT NULL,
  master text,
  problem text,
  requested_at bigint NOT NULL,
  switched_at bigint,
  finished_at bigint,
  PRIMARY KEY (account_id, id)
);
