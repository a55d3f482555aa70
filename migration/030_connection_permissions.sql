-- What of its connector's tools a connection may be used for: a JSON list of their names, null for all.
ALTER TABLE connection ADD COLUMN permissions text;
ALTER TABLE pending_sign_in ADD COLUMN permissions text;
