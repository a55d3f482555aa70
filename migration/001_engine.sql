-- Written in PostgreSQL's words; for SQLite the program translates the types and makes `id` the row
-- id. Every table of a tenant carries account_id, and every key begins with it. Times are integer
-- microseconds of UTC, flags are 0 or 1, ids and uuids are minted by the writer and grow with time.

CREATE TABLE counter (
  name text NOT NULL,
  value bigint NOT NULL,
  PRIMARY KEY (name)
);
INSERT INTO counter (name, value) VALUES ('id', 1000);

-- access ------------------------------------------------------------------------------------------

CREATE TABLE account (
  id bigint NOT NULL,
  uuid bytea NOT NULL,
  name text NOT NULL,
  company text NOT NULL,
  time_zone text NOT NULL,
  currency text NOT NULL,
  secret bytea NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (id)
);
CREATE UNIQUE INDEX account_name ON account (name);

CREATE TABLE token (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid bytea NOT NULL,
  kind text NOT NULL,
  name text NOT NULL,
  hash bytea NOT NULL,
  scopes text NOT NULL,
  shop_id bigint,
  expires_at bigint,
  revoked_at bigint,
  created_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX token_hash ON token (hash);

CREATE TABLE idempotency (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  key bytea NOT NULL,
  fingerprint bytea NOT NULL,
  answer text NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX idempotency_key ON idempotency (account_id, key);

-- schedule, event ---------------------------------------------------------------------------------

CREATE TABLE job (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid bytea NOT NULL,
  kind text NOT NULL,
  payload text NOT NULL,
  state text NOT NULL,
  attempts bigint NOT NULL,
  run_at bigint NOT NULL,
  problem text,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE INDEX job_due ON job (run_at, id) WHERE state = 'waiting' OR state = 'running';
CREATE UNIQUE INDEX job_uuid ON job (account_id, uuid);

CREATE TABLE event (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  type text NOT NULL,
  subject bytea NOT NULL,
  payload text NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);

-- ledger ------------------------------------------------------------------------------------------

CREATE TABLE ledger_account (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  kind text NOT NULL,
  balance bigint NOT NULL,
  entries bigint NOT NULL,
  head bigint NOT NULL,
  head_hash bytea NOT NULL,
  PRIMARY KEY (account_id, id)
);

CREATE TABLE entry (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  ledger_account_id bigint NOT NULL,
  transfer_id bigint NOT NULL,
  kind text NOT NULL,
  amount bigint NOT NULL,
  balance_after bigint NOT NULL,
  previous bigint NOT NULL,
  hash bytea NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);

-- shop --------------------------------------------------------------------------------------------

CREATE TABLE shop (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid bytea NOT NULL,
  name text NOT NULL,
  type text NOT NULL,
  reference text,
  created_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX shop_uuid ON shop (account_id, uuid);

-- tier --------------------------------------------------------------------------------------------

CREATE TABLE tier (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid bytea NOT NULL,
  name text NOT NULL,
  description text,
  position bigint NOT NULL,
  media text,
  credits_required bigint NOT NULL,
  multiplier double precision NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);

CREATE TABLE member (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  previous_balance bigint NOT NULL,
  transactions bigint NOT NULL,
  received bigint NOT NULL,
  first_at bigint NOT NULL,
  last_at bigint NOT NULL,
  tier_id bigint NOT NULL,
  last_shop_id bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);

CREATE TABLE member_shop (
  account_id bigint NOT NULL,
  contact_id bigint NOT NULL,
  shop_id bigint NOT NULL,
  PRIMARY KEY (account_id, contact_id, shop_id)
);

-- When what decides about credits (programme, units, rules, tiers) last changed, one row a tenant.
CREATE TABLE rule_stamp (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  stamp bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);

-- contact -----------------------------------------------------------------------------------------

CREATE TABLE contact (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid bytea NOT NULL,
  email text NOT NULL,
  is_anonymous bigint NOT NULL,
  channel text NOT NULL,
  status text NOT NULL,
  attributes text NOT NULL,
  referral_code text NOT NULL,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX contact_uuid ON contact (account_id, uuid);
CREATE UNIQUE INDEX contact_email ON contact (account_id, email);

CREATE TABLE contact_identifier (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  value text NOT NULL,
  name text NOT NULL,
  active bigint NOT NULL,
  contact_id bigint,
  is_default bigint NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX contact_identifier_value ON contact_identifier (account_id, value);
CREATE INDEX contact_identifier_contact ON contact_identifier (account_id, contact_id);

CREATE TABLE attribute (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  entity text NOT NULL,
  name text NOT NULL,
  label text NOT NULL,
  type text NOT NULL,
  description text NOT NULL,
  placeholder text NOT NULL,
  options text NOT NULL,
  group_name text,
  has_unique_value bigint NOT NULL,
  position bigint NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX attribute_name ON attribute (account_id, entity, name);

CREATE TABLE attribute_group (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  entity text NOT NULL,
  name text NOT NULL,
  label text NOT NULL,
  position bigint NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX attribute_group_name ON attribute_group (account_id, entity, name);

CREATE TABLE attribute_unique_value (
  account_id bigint NOT NULL,
  attribute_id bigint NOT NULL,
  value text NOT NULL,
  contact_id bigint NOT NULL,
  PRIMARY KEY (account_id, attribute_id, value)
);

CREATE TABLE subscription_type (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid bytea NOT NULL,
  name text NOT NULL,
  description text NOT NULL,
  active bigint NOT NULL,
  strategy text NOT NULL,
  PRIMARY KEY (account_id, id)
);

CREATE TABLE subscription (
  account_id bigint NOT NULL,
  contact_id bigint NOT NULL,
  subscription_type_id bigint NOT NULL,
  status text NOT NULL,
  updated_at bigint NOT NULL,
  PRIMARY KEY (account_id, contact_id, subscription_type_id)
);

CREATE TABLE verification (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  contact_id bigint NOT NULL,
  email text NOT NULL,
  code_hash bytea NOT NULL,
  attempts bigint NOT NULL,
  expires_at bigint NOT NULL,
  used_at bigint,
  created_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE INDEX verification_email ON verification (account_id, email, id);

CREATE TABLE auth_token_use (
  account_id bigint NOT NULL,
  nonce bytea NOT NULL,
  used_at bigint NOT NULL,
  PRIMARY KEY (account_id, nonce)
);

-- loyalty -----------------------------------------------------------------------------------------

CREATE TABLE program (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  name text NOT NULL,
  max_amount bigint NOT NULL,
  custom_credit_name text NOT NULL,
  allows_negative bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);

CREATE TABLE unit (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  name text NOT NULL,
  label text NOT NULL,
  prefix text NOT NULL,
  is_default bigint NOT NULL,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX unit_name ON unit (account_id, name);

CREATE TABLE earning_rule (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid bytea NOT NULL,
  name text NOT NULL,
  unit_id bigint NOT NULL,
  shop_id bigint,
  tier_id bigint,
  credits_per_unit double precision NOT NULL,
  minimum_value double precision NOT NULL,
  rounding text NOT NULL,
  starts_at bigint,
  ends_at bigint,
  active bigint NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX earning_rule_uuid ON earning_rule (account_id, uuid);

CREATE TABLE credit_reception (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid bytea NOT NULL,
  contact_id bigint NOT NULL,
  shop_id bigint NOT NULL,
  credits bigint NOT NULL,
  balance_after bigint NOT NULL,
  unit_id bigint NOT NULL,
  unit_value double precision,
  contact_identifier_id bigint,
  channel text NOT NULL,
  attributes text,
  evaluation text,
  reverses bigint,
  source text,
  reference text,
  created_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX credit_reception_uuid ON credit_reception (account_id, uuid);
CREATE INDEX credit_reception_contact ON credit_reception (account_id, contact_id, id);
CREATE UNIQUE INDEX credit_reception_reverses ON credit_reception (account_id, reverses)
  WHERE reverses IS NOT NULL;
CREATE UNIQUE INDEX credit_reception_reference ON credit_reception (account_id, source, reference)
  WHERE reference IS NOT NULL;

CREATE TABLE perk (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid bytea NOT NULL,
  label text NOT NULL,
  name text NOT NULL,
  data_type text NOT NULL,
  options text NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX perk_uuid ON perk (account_id, uuid);
CREATE UNIQUE INDEX perk_label ON perk (account_id, label);

CREATE TABLE reward (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid bytea NOT NULL,
  title text NOT NULL,
  description text,
  reward_type text NOT NULL,
  required_credits bigint NOT NULL,
  is_active bigint NOT NULL,
  pre_redeemable bigint NOT NULL,
  expiration_duration bigint,
  cost_price double precision,
  stock bigint,
  created_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX reward_uuid ON reward (account_id, uuid);

-- voucher -----------------------------------------------------------------------------------------

CREATE TABLE promotion (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid bytea NOT NULL,
  name text NOT NULL,
  description text NOT NULL,
  voucher_limit bigint,
  limit_per_contact bigint,
  expiration_duration bigint,
  type text NOT NULL,
  redemptions_per_voucher bigint NOT NULL,
  attributes text NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX promotion_uuid ON promotion (account_id, uuid);

CREATE TABLE promotion_count (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  vouchers bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);

CREATE TABLE voucher (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid bytea NOT NULL,
  code text NOT NULL,
  promotion_id bigint NOT NULL,
  contact_id bigint,
  batch_id bigint,
  deactivated bigint NOT NULL,
  activation_date bigint,
  expiration_date bigint,
  redeemed_at bigint,
  times_redeemed bigint NOT NULL,
  total_redemptions_allowed bigint NOT NULL,
  attributes text NOT NULL,
  lock_key bytea,
  locked_at bigint,
  locked_until bigint,
  created_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX voucher_uuid ON voucher (account_id, uuid);
CREATE UNIQUE INDEX voucher_code ON voucher (account_id, code);
CREATE INDEX voucher_promotion ON voucher (account_id, promotion_id, id);
CREATE INDEX voucher_contact ON voucher (account_id, contact_id, id) WHERE contact_id IS NOT NULL;

CREATE TABLE voucher_redemption (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid bytea NOT NULL,
  voucher_id bigint NOT NULL,
  contact_id bigint,
  shop_id bigint,
  created_at bigint NOT NULL,
  reversed_at bigint,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX voucher_redemption_uuid ON voucher_redemption (account_id, uuid);
CREATE INDEX voucher_redemption_voucher ON voucher_redemption (account_id, voucher_id);
CREATE INDEX voucher_redemption_contact ON voucher_redemption (account_id, contact_id)
  WHERE contact_id IS NOT NULL;

CREATE TABLE voucher_batch (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid bytea NOT NULL,
  promotion_id bigint NOT NULL,
  contact_id bigint,
  quantity bigint NOT NULL,
  made bigint NOT NULL,
  status text NOT NULL,
  activation_date bigint,
  expiration_date bigint,
  attributes text NOT NULL,
  problem text,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX voucher_batch_uuid ON voucher_batch (account_id, uuid);
CREATE INDEX voucher_batch_pending ON voucher_batch (account_id, contact_id)
  WHERE status = 'PENDING';

-- product, order, booking, form -------------------------------------------------------------------

CREATE TABLE product (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid bytea NOT NULL,
  external_identifier text NOT NULL,
  name text NOT NULL,
  description text,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX product_uuid ON product (account_id, uuid);
CREATE UNIQUE INDEX product_external_identifier ON product (account_id, external_identifier);

CREATE TABLE product_category (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid bytea NOT NULL,
  external_identifier text NOT NULL,
  name text NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX product_category_uuid ON product_category (account_id, uuid);
CREATE UNIQUE INDEX product_category_external_identifier
  ON product_category (account_id, external_identifier);

CREATE TABLE product_in_category (
  account_id bigint NOT NULL,
  product_id bigint NOT NULL,
  product_category_id bigint NOT NULL,
  PRIMARY KEY (account_id, product_id, product_category_id)
);
CREATE INDEX product_in_category_category
  ON product_in_category (account_id, product_category_id);

CREATE TABLE imported_order (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  source text NOT NULL,
  number text NOT NULL,
  contact_id bigint,
  credit_reception_id bigint,
  amount_in_cents bigint NOT NULL,
  credits bigint NOT NULL,
  lines_booked bigint NOT NULL,
  skipped text NOT NULL,
  ordered_at bigint NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX imported_order_number ON imported_order (account_id, source, number);

CREATE TABLE imported_line (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  order_id bigint NOT NULL,
  contact_id bigint NOT NULL,
  product_id bigint NOT NULL,
  quantity bigint NOT NULL,
  amount_in_cents bigint NOT NULL,
  credits bigint NOT NULL,
  cancelled_quantity bigint NOT NULL,
  cancelled_credits bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE INDEX imported_line_contact ON imported_line (account_id, contact_id, product_id, id);

CREATE TABLE booking (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid bytea NOT NULL,
  contact_id bigint NOT NULL,
  shop_id bigint NOT NULL,
  external_id text,
  source text,
  starts_at bigint,
  ends_at bigint,
  checked_in_at bigint,
  number_of_people bigint,
  company_name text,
  status text,
  prepaid_amount bigint,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX booking_uuid ON booking (account_id, uuid);
CREATE INDEX booking_contact ON booking (account_id, contact_id);

CREATE TABLE form (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid bytea NOT NULL,
  name text NOT NULL,
  status text NOT NULL,
  type text NOT NULL,
  fields text NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX form_uuid ON form (account_id, uuid);
CREATE UNIQUE INDEX form_uuid_anywhere ON form (uuid);

CREATE TABLE form_submission (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid bytea NOT NULL,
  form_id bigint NOT NULL,
  contact_id bigint,
  answers text NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE INDEX form_submission_form ON form_submission (account_id, form_id, id);
CREATE INDEX form_submission_contact ON form_submission (account_id, contact_id);
