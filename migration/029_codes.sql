-- What finds the vouchers of a batch, and the batches of a contact.
CREATE INDEX voucher_batch_vouchers ON voucher (account_id, batch_id, id) WHERE batch_id IS NOT NULL;
CREATE INDEX voucher_batch_contact ON voucher_batch (account_id, contact_id)
  WHERE contact_id IS NOT NULL;

-- Codes of digital rewards. One with a reception is spent, for good.
CREATE TABLE reward_code (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid bytea NOT NULL,
  reward_id bigint NOT NULL,
  code text NOT NULL,
  reception_id bigint,
  added_at bigint NOT NULL,
  given_at bigint,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX reward_code_uuid ON reward_code (account_id, uuid);
CREATE UNIQUE INDEX reward_code_code ON reward_code (account_id, reward_id, code);
CREATE INDEX reward_code_left ON reward_code (account_id, reward_id, id) WHERE reception_id IS NULL;
CREATE INDEX reward_code_of_reward ON reward_code (account_id, reward_id, id);
CREATE UNIQUE INDEX reward_code_reception ON reward_code (account_id, reception_id)
  WHERE reception_id IS NOT NULL;

-- Their stock is how many codes are left.
UPDATE reward SET stock = 0, pre_redeemable = 0 WHERE reward_type = 'DIGITAL';
