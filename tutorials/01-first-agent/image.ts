// A question with text and an image. Run: npx -y pnpm@12 --filter 01-first-agent image
import { readFile } from 'node:fs/promises';
import { chatClientFromEnv, reportErrors } from '@turnstream/config';
import { Agent, dataContent } from '@turnstream/core';

reportErrors();
const image = await readFile(new URL('red-circle.png', import.meta.url));
const question = { type: 'text', text: 'What does this image show?' } as const;

await using model = await chatClientFromEnv();
const agent = new Agent({ client: model.client, instructions: 'Be concise.' });

console.log(`Q: ${question.text} (red-circle.png)`);
const answer = await agent.run({ role: 'user', contents: [question, dataContent(image, 'image/png')] });
console.log(`A: ${answer.text}`);
