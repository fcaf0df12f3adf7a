// Answers without a body, and a malformed id, at both doors.
import { expect, test } from 'vitest';
import { rawReply } from '../../src/index.ts';
import { doors } from '../both-doors.ts';
import { post, responsesBody, responsesPath } from '../reader.ts';

test.each(doors)('%s sends a 204 and a 304 without a body', async (_, open) => {
  await using model = await open(rawReply({ status: 204 }), rawReply({ status: 304, headers: { etag: '"1"' } }));

  const empty = await post(model, responsesPath, responsesBody);
  const same = await post(model, responsesPath, responsesBody);
  await Promise.all(model.requests.map(({ closed }) => closed));

  expect([empty.status, await empty.text()]).toEqual([204, '']);
  expect([same.status, same.headers.get('etag')]).toEqual([304, '"1"']);
  expect(model.requests.map(({ closedEarly }) => closedEarly)).toEqual([false, false]);
});

test.each(doors)('%s answers 404 for an id with a malformed percent escape', async (_, open) => {
  await using model = await open();

  const looked = await fetch(`${model.baseURL}/responses/%zz`);

  expect([looked.status, await looked.json()]).toMatchObject([
    404,
    { error: { message: "Response with id '%zz' not found." } },
  ]);
});
