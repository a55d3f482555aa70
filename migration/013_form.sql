-- A form's texts and switches beside its fields. What it was before an edit is kept as a version.
ALTER TABLE form ADD COLUMN version bigint NOT NULL DEFAULT 1;
ALTER TABLE form ADD COLUMN page text NOT NULL DEFAULT '{}';
ALTER TABLE form ADD COLUMN updated_at bigint NOT NULL DEFAULT 0;
CREATE TABLE form_version (
  account_id bigint NOT NULL,
  form_id bigint NOT NULL,
  version bigint NOT NULL,
  name text NOT NULL,
  fields text NOT NULL,
  page text NOT NULL,
  replaced_at bigint NOT NULL,
  PRIMARY KEY (account_id, form_id, version)
);

-- Spam is kept apart by its state. Digest and submission_key are keyed hashes by which the same
-- submission is known again.
ALTER TABLE form_submission ADD COLUMN version bigint NOT NULL DEFAULT 1;
ALTER TABLE form_submission ADD COLUMN state text NOT NULL DEFAULT 'completed';
ALTER TABLE form_submission ADD COLUMN spam_reason text NOT NULL DEFAULT '';
ALTER TABLE form_submission ADD COLUMN address text NOT NULL DEFAULT '';
ALTER TABLE form_submission ADD COLUMN user_agent text NOT NULL DEFAULT '';
ALTER TABLE form_submission ADD COLUMN digest bytea;
ALTER TABLE form_submission ADD COLUMN submission_key bytea;
CREATE UNIQUE INDEX form_submission_uuid ON form_submission (account_id, uuid);
CREATE INDEX form_submission_state ON form_submission (account_id, state, form_id, id);
CREATE INDEX form_submission_digest ON form_submission (account_id, digest);
CREATE INDEX form_submission_key ON form_submission (account_id, submission_key);

-- One mail that asks whether it was really the person who agreed; may cover several consents.
CREATE TABLE form_confirmation (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid bytea NOT NULL,
  submission_id bigint NOT NULL,
  contact_id bigint NOT NULL,
  expires_at bigint NOT NULL,
  sent_count bigint NOT NULL,
  sent_at bigint NOT NULL,
  confirmed_at bigint,
  confirmed_address text NOT NULL,
  confirmed_user_agent text NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX form_confirmation_uuid ON form_confirmation (account_id, uuid);
CREATE UNIQUE INDEX form_confirmation_uuid_anywhere ON form_confirmation (uuid);
CREATE INDEX form_confirmation_contact ON form_confirmation (account_id, contact_id);
CREATE INDEX form_confirmation_submission ON form_confirmation (account_id, submission_id);

-- Who agreed to what, in which words. When and from where stands in the submission.
CREATE TABLE consent_proof (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid bytea NOT NULL,
  contact_id bigint NOT NULL,
  subscription_type_id bigint NOT NULL,
  submission_id bigint NOT NULL,
  statement text NOT NULL,
  state text NOT NULL,
  confirmation_id bigint,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX consent_proof_uuid ON consent_proof (account_id, uuid);
CREATE INDEX consent_proof_contact ON consent_proof (account_id, contact_id, id);
CREATE INDEX consent_proof_confirmation ON consent_proof (account_id, confirmation_id);
CREATE INDEX consent_proof_submission ON consent_proof (account_id, submission_id);
