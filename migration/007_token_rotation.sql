-- A token that is to be changed in time, for a successor with the same rights.
ALTER TABLE token ADD COLUMN rotate_at bigint;
ALTER TABLE token ADD COLUMN rotate_every_days bigint;
-- The one before it, and since when it is in use: then the one before can make no other.
ALTER TABLE token ADD COLUMN predecessor_id bigint;
ALTER TABLE token ADD COLUMN used_at bigint;
CREATE INDEX token_predecessor ON token (account_id, predecessor_id);
