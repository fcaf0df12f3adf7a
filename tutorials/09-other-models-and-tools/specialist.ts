// An agent as a tool of another, and the trace of both. Run: npx -y pnpm@12 --filter 09-other-models-and-tools specialist
import { chatClientFromEnv, reportErrors } from '@turnstream/config';
import { telemetry } from '@turnstream/otel';
import { chatWithReturnsDesk } from './returns-desk.ts';
import { spanTree } from './span-tree.ts';

reportErrors();
await using model = await chatClientFromEnv();
const spans = spanTree();
const traced = telemetry({ tracer: spans.tracer, model: model.model });
const agent = chatWithReturnsDesk(model.client, [traced]);

const question = 'Ask returns: "What is the return window of a mug?"';
console.log(`Q: ${question}`);
const { text } = await agent.run(question);
console.log(`A: ${text}\n`);
console.log(spans.lines().join('\n'));
