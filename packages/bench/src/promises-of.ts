// How many promises some work creates: what orders libraries nearly as their CPU does, and does not depend on the machine.
import { createHook } from 'node:async_hooks';

export async function promisesOf(work: () => Promise<unknown>): Promise<number> {
  let created = 0;
  const hook = createHook({
    init(_id, type) {
      if (type === 'PROMISE') created += 1;
    },
  }).enable();
  await work();
  hook.disable();
  return created;
}
