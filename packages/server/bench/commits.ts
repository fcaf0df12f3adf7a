// How many transactions a second Postgres commits for many connections: with one row each, and with an announcement too.
import pg from 'pg';
import { DATABASE_URL } from '../test/store/postgres-store.ts';

const CONNECTIONS = 16;
const FOR_MS = 3_000;

export interface Commits {
  readonly plainPerSecond: number;
  readonly announcedPerSecond: number;
}

export async function measureCommits(): Promise<Commits> {
  const pool = new pg.Pool({ connectionString: DATABASE_URL, max: CONNECTIONS });
  const table = `turnstream_commits_${process.pid}`;
  await pool.query(`CREATE TABLE ${table} (payload text NOT NULL)`);
  try {
    const insert = `INSERT INTO ${table} VALUES ('{"type":"update","text":"word "}')`;
    return {
      plainPerSecond: await commitsPerSecond(pool, [insert]),
      announcedPerSecond: await commitsPerSecond(pool, [insert, `NOTIFY ${table}`]),
    };
  } finally {
    await pool.query(`DROP TABLE ${table}`);
    await pool.end();
  }
}

async function commitsPerSecond(pool: pg.Pool, statements: readonly string[]): Promise<number> {
  // One message, so one transaction.
  const sql = statements.join('; ');
  const until = performance.now() + FOR_MS;
  let commits = 0;
  const commit = async (): Promise<void> => {
    while (performance.now() < until) {
      await pool.query(sql);
      commits += 1;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, commit));
  return (commits * 1_000) / FOR_MS;
}
