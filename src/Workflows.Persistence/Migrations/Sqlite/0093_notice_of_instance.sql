-- The record of an instance's messages shows its in-site messages too, with when they were read.
create index notice_of_instance on notice (instance_id, at desc, id desc) where instance_id is not null;
