// Whether the service is asked to keep a background run's events.
import { expect, test } from 'vitest';
import { Agent } from '../src/index.ts';
import { scriptedBackground } from './scripted-background.ts';
import { finished, text } from './scripted-client.ts';

test.each([
  ['not by default', {}, false],
  ['when the caller wants to watch', { stream: true }, true],
])('the events of a background run are kept %s', async (_, options, expected) => {
  const client = scriptedBackground({ looks: ['completed'], answer: [text('Done.'), finished] });

  await new Agent({ client }).runInBackground('Go', options);

  expect(client.started.map(({ stream }) => stream)).toEqual([expected]);
});
