-- Groups of contacts. Those whose conditions are null have the members that somebody put into them.
CREATE TABLE segment (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid bytea NOT NULL,
  name text NOT NULL,
  description text NOT NULL,
  conditions text,
  version bigint NOT NULL,
  size bigint NOT NULL,
  snapshot_at bigint NOT NULL,
  refreshed_at bigint,
  refresh_at bigint,
  deleted_at bigint,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX segment_uuid ON segment (account_id, uuid);
CREATE UNIQUE INDEX segment_name ON segment (account_id, name);

-- Who belongs to one now, and who did.
CREATE TABLE segment_member (
  account_id bigint NOT NULL,
  segment_id bigint NOT NULL,
  contact_id bigint NOT NULL,
  entered_at bigint NOT NULL,
  PRIMARY KEY (account_id, segment_id, contact_id)
);
CREATE TABLE segment_past (
  account_id bigint NOT NULL,
  segment_id bigint NOT NULL,
  contact_id bigint NOT NULL,
  left_at bigint NOT NULL,
  entered_at bigint NOT NULL,
  PRIMARY KEY (account_id, segment_id, contact_id, left_at)
);

-- Moments that are worth coming back to: one for each refresh.
CREATE TABLE segment_snapshot (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid bytea NOT NULL,
  segment_id bigint NOT NULL,
  size bigint NOT NULL,
  taken_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX segment_snapshot_uuid ON segment_snapshot (account_id, uuid);
