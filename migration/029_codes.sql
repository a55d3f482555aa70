-- What finds the vouchers of a batch, and the batches of a contact.
CREATE INDEX voucher_batch_vouchers ON voucher (account_id, batch_id, id) WHERE batch_id IS NOT NULL;
CREATE INDEX voucher_batch_contact ON voucher_batch (account_id, contact_id)
  WHERE contact_id IS NOT NULL;
