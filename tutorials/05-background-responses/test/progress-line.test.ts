// What is shown while a run is waited for.
import { background, mockModel, reply } from '@turnstream/testkit';
import { expect, test } from 'vitest';
import { waitWithProgress } from '../progress-line.ts';
import { agentAt } from './scripted-agent.ts';

function fakeOutput(isTTY: boolean) {
  const output = { isTTY, text: '', write: (text: string) => void (output.text += text) };
  return output;
}

test('a pipe gets a line for each status', async () => {
  using model = mockModel(background(reply('Done.'), { looks: ['in_progress'] }));
  const run = await agentAt(model).runInBackground('Write it.');
  const output = fakeOutput(false);

  const answer = await waitWithProgress(run, { output, pollMs: 250 });

  expect(answer.text).toBe('Done.');
  expect(output.text.replaceAll(/\d+\.\d/g, 'N')).toBe('   queued N s\n   in_progress N s\n   completed N s\n');
});

test('a terminal gets one line that is written over, and its newline at the end', async () => {
  using model = mockModel(background(reply('Done.'), { looks: [] }));
  const run = await agentAt(model).runInBackground('Write it.');
  const output = fakeOutput(true);

  await waitWithProgress(run, { output });

  expect(output.text.replaceAll(/\d+\.\d/g, 'N')).toMatch(/^(?:\r {3}queued N s *)+(?:\r {3}completed N s *)+\n$/);
});

test('a run that is waited for no longer leaves a whole line behind', async () => {
  using model = mockModel(background(reply('Done.'), { looks: ['in_progress'] }));
  const run = await agentAt(model).runInBackground('Write it.');
  const output = fakeOutput(true);

  const waiting = waitWithProgress(run, { output, timeoutMs: 20 });

  await expect(waiting).rejects.toMatchObject({ code: 'background_timeout' });
  expect(output.text).toMatch(/(?:queued|in_progress) \d\.\d s *\n$/);
});
