-- Gift cards. A card's row keeps what its transactions add up to (src/giftcard/README.md).

CREATE TABLE giftcard_program (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid bytea NOT NULL,
  name text NOT NULL,
  active bigint NOT NULL,
  reloadable bigint NOT NULL,
  expiration_days bigint,
  min_amount bigint,
  max_amount bigint,
  created_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX giftcard_program_uuid ON giftcard_program (account_id, uuid);

CREATE TABLE giftcard (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid bytea NOT NULL,
  hash text NOT NULL,
  program_id bigint NOT NULL,
  contact_id bigint,
  type text NOT NULL,
  active bigint NOT NULL,
  expires_at bigint,
  balance bigint NOT NULL,
  loads bigint NOT NULL,
  newest bigint NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX giftcard_uuid ON giftcard (account_id, uuid);
CREATE UNIQUE INDEX giftcard_hash ON giftcard (account_id, hash);
CREATE INDEX giftcard_of_program ON giftcard (account_id, program_id, id);
CREATE INDEX giftcard_contact ON giftcard (account_id, contact_id, id) WHERE contact_id IS NOT NULL;

CREATE TABLE giftcard_transaction (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid bytea NOT NULL,
  giftcard_id bigint NOT NULL,
  shop_id bigint NOT NULL,
  amount bigint NOT NULL,
  balance_after bigint NOT NULL,
  previous bigint NOT NULL,
  reverses bigint,
  channel text NOT NULL,
  attributes text NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX giftcard_transaction_uuid ON giftcard_transaction (account_id, uuid);
CREATE INDEX giftcard_transaction_card ON giftcard_transaction (account_id, giftcard_id, id);
