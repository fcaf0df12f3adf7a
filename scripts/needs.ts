// What some tests need and a machine may lack. Such a test carries the name as its tag and is skipped without it, so that
// the run can say at its end what was left out, why, and how to include it.

interface Need {
  readonly missing: string;
  readonly remedy: string;
  /** Where `.ci/run` promises it, a skip is a failure. */
  readonly isInCi: boolean;
}

export type NeedName = 'real-model' | 'browser' | 'postgres' | 'redis' | 'terminal' | 'nginx';

export const NEEDS: Readonly<Record<NeedName, Need>> = {
  'real-model': { missing: 'no model key', remedy: 'name a model in .env, see .env.example', isInCi: false },
  browser: { missing: 'no Chromium', remedy: 'install chromium, or set CHROMIUM_PATH', isInCi: true },
  postgres: { missing: 'no Postgres', remedy: 'start one with a database "test", or set DATABASE_URL', isInCi: true },
  redis: { missing: 'no Redis', remedy: 'start one, or set REDIS_URL', isInCi: true },
  terminal: { missing: 'no Python 3 to open a terminal with', remedy: 'install python3', isInCi: true },
  nginx: { missing: 'no nginx', remedy: 'install nginx, or set NGINX_PATH', isInCi: true },
};

/** One line for each reason to skip tests: how many, why, and what to do about it. */
export function skipLines(skipped: readonly { readonly need: NeedName | undefined }[]): string[] {
  return [...Map.groupBy(skipped, ({ need }) => need)].map(([need, { length }]) =>
    need === undefined
      ? `skipped ${length}: no reason given`
      : `skipped ${length}: ${NEEDS[need].missing}; to run them, ${NEEDS[need].remedy}`,
  );
}
