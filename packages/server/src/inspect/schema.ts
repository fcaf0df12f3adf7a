// The member by which a JSON answer of a server that inspects differs from that of any other.
import { z } from 'zod';
import type { InspectedRuns } from './background.ts';

const what =
  'Of a turn its events request, arguments, guard, stored and claim; of a session its contents, with the number of their turn.';
const inside = z.array(z.unknown()).describe(what);

/** The schema as it is, or with `inspection` when the server inspects. */
export function withInspection<Answer extends z.ZodObject>(
  { inspectedRuns }: { readonly inspectedRuns: InspectedRuns | null },
  answer: Answer,
): Answer {
  // A serializer passes on only what its schema names.
  return inspectedRuns === null ? answer : (answer.extend({ inspection: inside }) as unknown as Answer);
}
