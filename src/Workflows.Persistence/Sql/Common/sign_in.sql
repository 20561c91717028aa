-- name: add_session
insert into session (token_hash, user_name, created_at, last_seen_at, expires_at, device) values (@token_hash, @user_name, @now, @now, @expires_at, @device)

-- Bounds the table: the oldest sessions of a person go first.
-- name: delete_oldest_sessions
delete from session
where user_name = @user_name
  and token_hash not in (select token_hash from session where user_name = @user_name order by created_at desc, token_hash limit @keep)

-- Asked at every request of a browser, so it is one statement. Role keys and group ids hold no spaces.
-- name: find_person_by_session
select p.user_name, p.display_name, p.manager, p.email, p.mobile, p.is_active, p.department, p.post, p.nickname, p.initials,
       (select string_agg(r.role, ' ') from person_role r where r.user_name = p.user_name),
       (select string_agg(m.group_id, ' ') from person_group_member m where m.user_name = p.user_name),
       s.last_seen_at
from session s
join person p on p.user_name = s.user_name
where s.token_hash = @token_hash and p.is_active and s.expires_at > @now and s.last_seen_at > @now - @idle

-- name: touch_session
update session set last_seen_at = @now where token_hash = @token_hash and last_seen_at < @now

-- name: end_session
delete from session where token_hash = @token_hash

-- name: list_sessions_of_person
select token_hash, device, created_at, last_seen_at
from session
where user_name = @user_name and expires_at > @now and last_seen_at > @now - @idle
order by last_seen_at desc, token_hash

-- A session is named by the beginning of its hash: enough to tell one from another, of no use for signing in.
-- name: end_session_of_person
delete from session where user_name = @user_name and substr(token_hash, 1, 16) = @id

-- name: end_sessions_of_person
delete from session where user_name = @user_name

-- name: end_tokens_of_person
delete from access_token where user_name = @user_name

-- name: purge_sessions
delete from session where expires_at <= @now or last_seen_at <= @now - @idle

-- A lock that ran out, and failures that are long past, begin the count anew; a lock that holds is not made longer.
-- name: count_sign_in_try
insert into sign_in_failure (user_name, failures, last_at, locked_until) values (@user_name, 1, @now, null)
on conflict (user_name) do update set
    failures = case
        when sign_in_failure.locked_until > @now then sign_in_failure.failures
        when sign_in_failure.locked_until is not null or sign_in_failure.last_at < @now - @window then 1
        else sign_in_failure.failures + 1 end,
    locked_until = case
        when sign_in_failure.locked_until > @now then sign_in_failure.locked_until
        when sign_in_failure.locked_until is not null or sign_in_failure.last_at < @now - @window then null
        when sign_in_failure.failures + 1 > @most then @now + @lockout end,
    last_at = @now
returning locked_until

-- name: forget_sign_in_failures
delete from sign_in_failure where user_name = @user_name

-- name: purge_sign_in_failures
delete from sign_in_failure where last_at < @now - @window and (locked_until is null or locked_until <= @now)

-- name: add_sign_in_state
insert into sign_in_state (state_hash, nonce, code_verifier, return_url, expires_at) values (@hash, @nonce, @code_verifier, @return_url, @expires_at)

-- name: take_sign_in_state
delete from sign_in_state where state_hash = @hash returning state_hash, nonce, code_verifier, return_url, expires_at

-- name: purge_sign_in_states
delete from sign_in_state where expires_at <= @now
