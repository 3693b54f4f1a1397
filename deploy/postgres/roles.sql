-- One login role and one schema per service, in the database this is run in. No role can read another's schema.
-- Safe to run again. Passwords are not set here: `ALTER ROLE frontdesk_core PASSWORD '...'` is up to your secret management.
-- Run it as a role that may create roles (the server's superuser); the services' roles get no rights beyond their schema.
DO $$
DECLARE
    service text;
    owner text;
BEGIN
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    REVOKE ALL ON SCHEMA public FROM PUBLIC;
    FOREACH service IN ARRAY ARRAY['channel', 'core', 'memory', 'agent', 'admin'] LOOP
        owner := 'frontdesk_' || service;
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = owner) THEN
            EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS', owner);
        END IF;
        EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), owner);
        -- Postgres up to 15 lets only members of a role give it a schema.
        IF NOT pg_has_role(current_user, owner, 'USAGE') THEN
            EXECUTE format('GRANT %I TO %I', owner, current_user);
        END IF;
        EXECUTE format('CREATE SCHEMA IF NOT EXISTS %I AUTHORIZATION %I', service, owner);
        EXECUTE format('REVOKE ALL ON SCHEMA %I FROM PUBLIC', service);
        EXECUTE format('ALTER ROLE %I SET search_path = %I', owner, service);
    END LOOP;
END
$$;
