import type { ServedModel } from '@turnstream/testkit';
import { expect } from 'vitest';

/** The client closed the connection before its end, and the model wrote nothing into the closed one. */
export async function expectClosedByReader(model: ServedModel): Promise<void> {
  await model.requests[0]!.closed;
  expect(model.requests[0]!.closedEarly).toBe(true);
  expect(model.requests[0]!.bytesAfterLeaving).toBe(0);
}
