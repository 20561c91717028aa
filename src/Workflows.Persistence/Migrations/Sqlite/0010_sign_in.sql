-- Sign-in of people in a browser, and of programs by key. Only hashes of secrets are kept. All instants here are real time,
-- never business time: moving the business clock must sign nobody in or out.

create table session (
    token_hash text not null primary key,
    user_name text not null references person (user_name) on delete cascade,
    created_at integer not null,
    last_seen_at integer not null,
    expires_at integer not null
) strict;
create index session_of_person on session (user_name, created_at);
create index session_expiry on session (expires_at);

-- Counted before the password is looked at, so that many guesses at once cannot pass the limit together. Names that nobody
-- has are counted too: being locked must not tell that a person exists.
create table sign_in_failure (
    user_name text not null primary key,
    failures integer not null,
    last_at integer not null,
    locked_until integer
) strict;
create index sign_in_failure_age on sign_in_failure (last_at);

create table api_key (
    id text not null primary key,
    key_hash text not null unique,
    name text not null,
    user_name text not null references person (user_name) on delete cascade,
    -- Words separated by spaces.
    scopes text not null,
    created_by text not null,
    created_at integer not null,
    expires_at integer not null,
    last_used_at integer,
    revoked_at integer
) strict;
create index api_key_of_person on api_key (user_name);

-- A sign-in that went to the identity provider and has not come back yet.
create table sign_in_state (
    state_hash text not null primary key,
    nonce text not null,
    code_verifier text not null,
    return_url text not null,
    expires_at integer not null
) strict;
create index sign_in_state_expiry on sign_in_state (expires_at);
