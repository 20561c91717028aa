-- name: read_message_stamp
select number from setting where name = 'message_stamp'

-- name: bump_message_stamp
update setting set number = number + 1 where name = 'message_stamp'

-- name: list_templates
select t.event, t.channel, t.language, t.version, t.document, t.changed_by, t.changed_at
from message_template t
where t.version = (select max(v.version) from message_template v where v.event = t.event and v.channel = t.channel and v.language = t.language)

-- name: list_template_versions
select event, channel, language, version, document, changed_by, changed_at
from message_template
where event = @event and channel = @channel and language = @language
order by version desc

-- name: add_template
insert into message_template (event, channel, language, version, document, changed_by, changed_at)
values (@event, @channel, @language, @version, @document, @changed_by, @changed_at)
on conflict (event, channel, language, version) do nothing

-- name: list_preferences
select user_name, document from message_preference

-- name: save_preference
insert into message_preference (user_name, document) values (@user_name, @document)
on conflict (user_name) do update set document = excluded.document
