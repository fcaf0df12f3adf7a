// A store whose process can die: from then on it writes nothing to the database, as after `kill -9`.
import type { ServerStore } from '@turnstream/server';

export interface MortalStore {
  readonly store: ServerStore;
  die(): void;
}

export function mortalStore(kept: ServerStore): MortalStore {
  const { history, sessions, runs } = kept;
  let isDead = false;
  const checked = <T extends object>(part: T): T =>
    new Proxy(part, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        return (...given: unknown[]): unknown =>
          isDead ? Promise.reject(new Error('the process is gone')) : Reflect.apply(member, target, given);
      },
    });
  return {
    store: { history: checked(history), sessions: checked(sessions), runs: checked(runs), ready: () => kept.ready() },
    die() {
      isDead = true;
    },
  };
}
