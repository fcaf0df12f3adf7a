// The tables in Postgres, in a schema of their own, made and numbered by `migrate`.
import { AgentError } from '@turnstream/core';
import { postgresError } from './database-error.ts';

/** The part of a client that is used here. A `Pool` or `Client` of `pg` fits, and so does a `PGlite`. */
export interface PostgresClient {
  query(sql: string, values?: unknown[]): Promise<{ readonly rows: readonly unknown[] }>;
}

/** Options of `PostgresHistory` and `PostgresSessions`. */
export interface PostgresOptions {
  /** The schema of the tables; `turnstream` by default. */
  readonly schema?: string | undefined;
}

const VERSION = 2;

/** The schema's name, quoted. Throws `config_invalid` unless it is a plain lower-case name. */
export function schemaName({ schema = 'turnstream' }: PostgresOptions): string {
  if (/^[a-z_][a-z0-9_]{0,62}$/.test(schema)) return `"${schema}"`;
  throw new AgentError(
    'config_invalid',
    `schema is ${JSON.stringify(schema)}; it must be up to 63 lower-case letters, digits and _, not beginning with a digit.`,
  );
}

/**
 * Creates the tables, or upgrades older ones. Run it before the first use, for example at each start: processes that
 * start together wait for each other, and a second run changes nothing. Rejects with `config_invalid` when the
 * tables are newer than this library, and with `connection_failed` when Postgres does not answer.
 */
export async function migrate(client: PostgresClient, options: PostgresOptions = {}): Promise<void> {
  const schema = schemaName(options);
  await queryRows(client, schema, tables(schema));
  const rows = await queryRows(client, schema, `SELECT version FROM ${schema}.schema_version`);
  const [{ version } = { version: null }] = rows as { version: number | null }[];
  if (version === VERSION) return;
  throw new AgentError(
    'config_invalid',
    `The tables in schema ${schema} have version ${version}, but this library reads version ${VERSION}. Use the version of the library that created them.`,
  );
}

/** Runs one statement. */
export async function queryRows(
  client: PostgresClient,
  schema: string,
  sql: string,
  values?: unknown[],
): Promise<readonly unknown[]> {
  try {
    return (await client.query(sql, values)).rows;
  } catch (cause) {
    throw postgresError(cause, schema);
  }
}

// One statement, so one transaction, also through a pool. `COLLATE "C"` orders keys by their bytes.
// Deleting the head deletes its turns: a cascade also sees a turn that was added while the delete waited.
function tables(schema: string): string {
  return `DO $migrate$ BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('turnstream ' || '${schema}'));
    IF to_regnamespace('${schema}') IS NULL THEN
      CREATE SCHEMA ${schema};
    END IF;
    IF to_regclass('${schema}.schema_version') IS NULL THEN
      CREATE TABLE ${schema}.schema_version (version integer NOT NULL);
      INSERT INTO ${schema}.schema_version VALUES (${VERSION});
      CREATE TABLE ${schema}.histories (
        session_key text COLLATE "C" PRIMARY KEY, version integer NOT NULL, ahead integer NOT NULL DEFAULT 0
      );
      CREATE TABLE ${schema}.turns (
        session_key text COLLATE "C" NOT NULL REFERENCES ${schema}.histories ON DELETE CASCADE,
        turn integer NOT NULL, record text NOT NULL, PRIMARY KEY (session_key, turn)
      );
      CREATE TABLE ${schema}.sessions (
        session_key text COLLATE "C" PRIMARY KEY, owner_key text COLLATE "C" NOT NULL, version integer NOT NULL,
        expires_at_ms bigint, record text NOT NULL
      );
      CREATE INDEX sessions_owner ON ${schema}.sessions (owner_key, session_key);
      CREATE INDEX sessions_expiry ON ${schema}.sessions (expires_at_ms) WHERE expires_at_ms IS NOT NULL;
    ELSIF (SELECT version FROM ${schema}.schema_version) = 1 THEN
      ALTER TABLE ${schema}.histories ADD COLUMN ahead integer NOT NULL DEFAULT 0;
      UPDATE ${schema}.schema_version SET version = ${VERSION};
    END IF;
  END $migrate$`;
}
