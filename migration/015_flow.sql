-- A flow, and what it is now. What it was stands in its versions, which runs are bound to.
CREATE TABLE flow (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid bytea NOT NULL,
  name text NOT NULL,
  persona_id bigint NOT NULL,
  person_id bigint NOT NULL,
  version_id bigint NOT NULL,
  enabled bigint NOT NULL,
  trigger_kind text NOT NULL,
  trigger_key text NOT NULL,
  hook_hash bytea,
  tick_at bigint,
  tick_date text NOT NULL,
  tick_minute bigint NOT NULL,
  template text NOT NULL,
  next_start bigint NOT NULL,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX flow_uuid ON flow (account_id, uuid);
CREATE UNIQUE INDEX flow_name ON flow (account_id, name);
CREATE UNIQUE INDEX flow_hook ON flow (hook_hash);
CREATE INDEX flow_trigger ON flow (account_id, trigger_kind, trigger_key) WHERE enabled = 1;
CREATE INDEX flow_tick ON flow (tick_at) WHERE tick_at IS NOT NULL;

CREATE TABLE flow_version (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  flow_id bigint NOT NULL,
  number bigint NOT NULL,
  definition text NOT NULL,
  parameters text NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX flow_version_number ON flow_version (account_id, flow_id, number);

-- One run. `run_key` names what started it, so that nothing starts it twice. `wakes` counts those who
-- had something for it, so that whoever puts it to rest sees that somebody came in between.
CREATE TABLE flow_run (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid bytea NOT NULL,
  flow_id bigint NOT NULL,
  version_id bigint NOT NULL,
  run_key text NOT NULL,
  trigger_values text NOT NULL,
  lane text NOT NULL,
  state text NOT NULL,
  wakes bigint NOT NULL,
  due_at bigint,
  late bigint NOT NULL,
  depth bigint NOT NULL,
  parent_run_id bigint,
  parent_step text,
  replay_of bytea,
  output text,
  problem text NOT NULL,
  created_at bigint NOT NULL,
  ended_at bigint,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX flow_run_uuid ON flow_run (account_id, uuid);
CREATE UNIQUE INDEX flow_run_key ON flow_run (account_id, flow_id, run_key);
CREATE INDEX flow_run_running ON flow_run (id) WHERE state = 'running';
CREATE INDEX flow_run_due ON flow_run (due_at, id) WHERE state = 'waiting' AND due_at IS NOT NULL;
CREATE INDEX flow_run_lane ON flow_run (account_id, flow_id, lane, id) WHERE ended_at IS NULL;

CREATE TABLE flow_step (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  run_id bigint NOT NULL,
  step text NOT NULL,
  kind text NOT NULL,
  state text NOT NULL,
  input text,
  output text,
  problem text NOT NULL,
  attempts bigint NOT NULL,
  due_at bigint,
  started_at bigint NOT NULL,
  ended_at bigint,
  PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX flow_step_step ON flow_step (account_id, run_id, step);

-- Which steps wait for which events; about one contact, or anything where the key is empty.
CREATE TABLE flow_wait (
  account_id bigint NOT NULL,
  id bigint NOT NULL,
  run_id bigint NOT NULL,
  step text NOT NULL,
  type text NOT NULL,
  wait_key text NOT NULL,
  condition text NOT NULL,
  condition_names text NOT NULL,
  PRIMARY KEY (account_id, id)
);
CREATE INDEX flow_wait_type ON flow_wait (account_id, type, wait_key);
CREATE UNIQUE INDEX flow_wait_step ON flow_wait (account_id, run_id, step);
