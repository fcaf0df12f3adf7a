// The app of bundled-app.test.ts: prints the answer, and whether the global fetch sent the request.
import { subscribe } from 'node:diagnostics_channel';
import { Agent } from '@turnstream/core';

let overFetch = false;
subscribe('undici:request:create', () => (overFetch = true));

const { OpenAIResponsesClient } = await import('@turnstream/openai');
const client = new OpenAIResponsesClient({ model: 'm', apiKey: 'k', baseURL: process.argv[2] ?? '' });
const { text } = await new Agent({ client }).run('Hello?');
process.stdout.write(JSON.stringify({ text, overFetch }));
