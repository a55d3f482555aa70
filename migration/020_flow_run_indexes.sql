-- Without a look at all the others of a flow: its newest runs, and the next of those that queue. A
-- flow may have a million that wait.
CREATE INDEX flow_run_flow ON flow_run (account_id, flow_id, id);
CREATE INDEX flow_run_queued ON flow_run (account_id, flow_id, lane, id) WHERE state = 'queued';
