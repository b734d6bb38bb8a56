-- The role that Grafana reads with: it can select and nothing else, and can't log in until it is given a password:
--   ALTER ROLE spanwatch_reader PASSWORD '…';
-- Grafana does not look at the SQL that its users write, so the database must.

DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'spanwatch_reader') THEN
    BEGIN
      CREATE ROLE spanwatch_reader LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT CONNECTION LIMIT 20;
      -- A board that asks too much is stopped, and no query can change anything.
      ALTER ROLE spanwatch_reader SET statement_timeout = '15s';
      ALTER ROLE spanwatch_reader SET default_transaction_read_only = on;
      -- To compile a panel's query takes longer than to answer it.
      ALTER ROLE spanwatch_reader SET jit = off;
    EXCEPTION
      WHEN insufficient_privilege THEN
        RAISE WARNING 'the role spanwatch_reader can not be made by %: dashboards need it, see dashboards/README.md', current_user
          USING ERRCODE = 'SPW01';
      -- Another database of the same cluster is being migrated at this moment.
      WHEN duplicate_object OR unique_violation THEN NULL;
    END;
  END IF;
END
$$;

-- Call again when the role was made later, by whoever may make roles.
CREATE FUNCTION admit_dashboard_reader() RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  relation regclass;
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'spanwatch_reader') THEN RETURN false; END IF;
  GRANT USAGE ON SCHEMA public TO spanwatch_reader;
  -- What others own there, such as the tables of an extension, is not ours to give.
  FOR relation IN
    SELECT oid FROM pg_class
     WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'm', 'p') AND pg_has_role(relowner, 'USAGE')
  LOOP
    EXECUTE format('GRANT SELECT ON %s TO spanwatch_reader', relation);
  END LOOP;
  -- Tables and views of migrations to come, made by the same user.
  ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO spanwatch_reader;
  RETURN true;
END
$$;

SELECT admit_dashboard_reader();
