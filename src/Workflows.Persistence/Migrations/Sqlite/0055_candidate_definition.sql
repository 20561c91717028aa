-- The definition beside each candidate: the queue leaves out what a person may not handle without looking at the tasks.
alter table user_task_candidate add column definition_id text;
update user_task_candidate set definition_id = (select t.definition_id from user_task t where t.id = user_task_candidate.task_id);
