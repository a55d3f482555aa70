-- Lists of other services that are kept equal to segments; for whom, with a purpose of mail.
CREATE TABLE audience_target (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid bytea NOT NULL,
  segment_id bigint NOT NULL,
  connection_id bigint NOT NULL,
  list text NOT NULL,
  subscription_type_id bigint,
  created_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX audience_target_uuid ON audience_target (account_id, uuid);
CREATE UNIQUE INDEX audience_target_list
  ON audience_target (account_id, segment_id, connection_id, list);

-- Whom we put there, by the address they had then.
CREATE TABLE audience_member (
  account_id bigint NOT NULL,
  target_id bigint NOT NULL,
  contact_id bigint NOT NULL,
  email text NOT NULL,
  pushed_at bigint NOT NULL,
  PRIMARY KEY (account_id, target_id, contact_id)
);
CREATE INDEX audience_member_contact ON audience_member (account_id, contact_id);

CREATE TABLE audience_push (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid bytea NOT NULL,
  target_id bigint NOT NULL,
  state text NOT NULL,
  step bigint NOT NULL,
  confirmed bigint NOT NULL,
  problem text NOT NULL,
  tries bigint NOT NULL,
  snapshot_at bigint,
  segment_size bigint NOT NULL,
  members_before bigint NOT NULL,
  entering bigint NOT NULL,
  leaving bigint NOT NULL,
  entered bigint NOT NULL,
  went bigint NOT NULL,
  withheld bigint NOT NULL,
  refused bigint NOT NULL,
  members bigint NOT NULL,
  target_count bigint,
  sha256 text NOT NULL,
  created_by bigint NOT NULL,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  ended_at bigint,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX audience_push_uuid ON audience_push (account_id, uuid);
CREATE INDEX audience_push_target ON audience_push (account_id, target_id, id);

-- What a push has still to do, and whom it could not do. What is done is gone.
CREATE TABLE audience_push_row (
  account_id bigint NOT NULL,
  push_id bigint NOT NULL,
  entering bigint NOT NULL,
  contact_id bigint NOT NULL,
  email text NOT NULL,
  state text NOT NULL,
  reason text NOT NULL,
  PRIMARY KEY (account_id, push_id, entering, contact_id)
);
CREATE INDEX audience_push_row_contact ON audience_push_row (account_id, contact_id);

-- Who must come off a list now, whatever pushes say.
CREATE TABLE audience_removal (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  target_id bigint NOT NULL,
  email text NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE INDEX audience_removal_target ON audience_removal (account_id, target_id, id);
