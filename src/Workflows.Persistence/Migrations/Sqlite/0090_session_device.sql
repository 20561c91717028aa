-- What the browser called itself when it signed in, so that people tell their own sessions apart. Empty for those begun before.
alter table session add column device text not null default '';
