-- A number of its own each time a receiver answered or a delivery was asked for again: what is new for
-- pages that follow it.
ALTER TABLE webhook_delivery ADD COLUMN told_id bigint;
CREATE UNIQUE INDEX webhook_delivery_told ON webhook_delivery (account_id, told_id)
  WHERE told_id IS NOT NULL;

-- Some tell of two contacts. Which ones is not known of those that were made before, and they could not be
-- forgotten with them.
DELETE FROM webhook_delivery WHERE type = 'referral_completed';
ALTER TABLE webhook_delivery ADD COLUMN other_contact bytea;
CREATE INDEX webhook_delivery_other_contact ON webhook_delivery (account_id, other_contact)
  WHERE other_contact IS NOT NULL;

-- To the hour. used_at beside it is the moment of the first use, which ends a rotation.
ALTER TABLE token ADD COLUMN last_used_at bigint;
