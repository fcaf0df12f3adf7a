// The member by which a JSON answer of a server that inspects differs from that of any other.
import { z } from 'zod';
import type { InspectedRuns } from './background.ts';

const events = z.array(z.unknown()).describe('The events request, guard, stored and claim of the turn.');

/** The schema as it is, or with `inspection` when the server inspects. */
export function withInspection<Answer extends z.ZodObject>(
  { inspectedRuns }: { readonly inspectedRuns: InspectedRuns | null },
  answer: Answer,
): Answer {
  // A serializer passes on only what its schema names.
  return inspectedRuns === null ? answer : (answer.extend({ inspection: events }) as unknown as Answer);
}
