-- Who brought whom, and what both get for it (src/referral/README.md).

-- One row an account. An incentive of a side: its type, and points or a promotion.
CREATE TABLE referral_settings (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  active bigint NOT NULL,
  form_uuid bytea,
  completion_event text NOT NULL,
  number_of_transactions bigint NOT NULL,
  limit_per_contact bigint,
  shop_id bigint,
  referring_type text NOT NULL,
  referring_points bigint NOT NULL,
  referring_promotion_id bigint,
  referred_type text NOT NULL,
  referred_points bigint NOT NULL,
  referred_promotion_id bigint,
  PRIMARY KEY (account_id, id)
);

-- `transactions`: those of the referred contact that counted so far.
CREATE TABLE referral (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid bytea NOT NULL,
  referring_contact_id bigint NOT NULL,
  referred_contact_id bigint NOT NULL,
  status text NOT NULL,
  transactions bigint NOT NULL,
  created_at bigint NOT NULL,
  ended_at bigint,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX referral_uuid ON referral (account_id, uuid);
CREATE UNIQUE INDEX referral_referred ON referral (account_id, referred_contact_id);
CREATE INDEX referral_referring ON referral (account_id, referring_contact_id, id);
CREATE INDEX referral_pending ON referral (account_id, id) WHERE status = 'pending';

-- The code of a contact follows from its number (src/contact/referral_code.h).
ALTER TABLE contact DROP COLUMN referral_code;
