-- What contacts took of rewards, and how often one of them may.

ALTER TABLE reward ADD COLUMN claim_limit bigint;

CREATE TABLE reward_reception (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid bytea NOT NULL,
  reward_id bigint NOT NULL,
  contact_id bigint NOT NULL,
  shop_id bigint NOT NULL,
  title text NOT NULL,
  credits bigint NOT NULL,
  balance_after bigint NOT NULL,
  contact_identifier_id bigint,
  channel text NOT NULL,
  expires_at bigint,
  collected_at bigint,
  reversed_at bigint,
  created_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX reward_reception_uuid ON reward_reception (account_id, uuid);
CREATE INDEX reward_reception_contact ON reward_reception (account_id, contact_id, id);
CREATE INDEX reward_reception_reward ON reward_reception (account_id, reward_id, id);
