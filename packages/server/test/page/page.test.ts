// A conversation on the page: in a real browser, served by the server, over a scripted model.
import { background, httpError, reply, stallAfter, TestClock } from '@turnstream/testkit';
import { describe, expect, test } from 'vitest';
import { hasBrowser } from '../../../../scripts/browser.ts';
import { openPageRig } from './page-rig.ts';
import { visit } from './view.ts';

describe.skipIf(!hasBrowser)('the page in chromium', { tags: ['browser'] }, () => {
  test('words are on the page while the model is still silent, and Stop closes the connection to it', async () => {
    await using rig = await openPageRig({
      steps: [reply(['One ', 'two ', 'three'], { fault: stallAfter({ chunks: 2 }) })],
    });
    const { view, complaints } = await visit(rig);
    await view.ask('Count.');
    await view.answer(/^One two$/).waitFor();

    await view.button('Stop').click();

    await view.note('Stopped.').waitFor();
    const [request] = rig.model.requests;
    await request!.closed;
    expect(request).toMatchObject({ closedEarly: true, texts: ['Count.'] });
    await view.button('Send').waitFor();
    expect(complaints).toEqual([]);
  });

  test('a reload in mid-answer shows the finished turns, says what happened, and the question is asked again by a button', async () => {
    await using rig = await openPageRig({
      steps: [reply('A language.'), reply(['19', '91'], { fault: stallAfter({ chunks: 1 }) }), reply('1991')],
    });
    const { page, view, complaints } = await visit(rig);
    await view.ask('What is Python?');
    await view.answer('A language.').waitFor();
    await view.ask('How old is it?');
    await view.answer('19').waitFor();

    await page.reload();

    await view.answer('A language.').waitFor();
    await page.getByRole('alert').filter({ hasText: 'reloaded while the answer was coming' }).waitFor();
    expect(await view.texts.allTextContents()).toEqual(['What is Python?', 'A language.', 'How old is it?', '']);
    await rig.model.requests[1]!.closed;
    expect(rig.model.requests[1]!.closedEarly).toBe(true);
    await view.button('Retry').click();
    await view.answer('1991').waitFor();
    expect(rig.model.requests[2]!.texts).toEqual(['What is Python?', 'A language.', 'How old is it?']);
    expect(complaints).toEqual([]);
  });

  test('a reload reads the list of conversations once, also when the conversation of the page is shown first', async () => {
    await using rig = await openPageRig({ steps: [reply('One.')] });
    const { page, view } = await visit(rig);
    await view.ask('1');
    await view.done();
    const row = view.find('sidebar').getByTestId('open');
    await row.waitFor();
    const lists: string[] = [];
    const asked = Promise.withResolvers<void>();
    const shown = Promise.withResolvers<void>();
    await page.route('**/sessions/*', (route) => asked.promise.then(() => route.continue()));
    await page.route('**/sessions?order=*', async (route) => {
      lists.push(new URL(route.request().url()).search);
      asked.resolve();
      await shown.promise;
      await route.continue();
    });

    await page.reload();
    await view.answer('One.').waitFor();
    shown.resolve();

    await row.waitFor();
    expect(lists).toEqual(['?order=latest&limit=25']);
  });

  test('a background answer is there when the page is opened again', async () => {
    const clock = new TestClock();
    const steps = [background(reply(['In ', 'time.'], { chunkDelayMs: 300 }), { clock })];
    await using rig = await openPageRig({ steps });
    const { page, view } = await visit(rig);
    await view.askInBackground('Take your time.');
    await view.answer(/^In$/).waitFor();
    await page.close();

    clock.advance(300);
    const again = await visit(rig);

    await again.view.answer('In time.').waitFor();
    expect(await again.view.texts.allTextContents()).toEqual(['Take your time.', 'In time.']);
    await again.view.done();
    expect(rig.model.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
    expect(again.complaints).toEqual([]);
  });

  test('a background run is watched, outlives a reload, and is stopped by its own button, also at the second try', async () => {
    const steps = [background(reply(['Slow ', 'work'], { chunkDelayMs: 60_000 }))];
    await using rig = await openPageRig({ steps });
    const { page, view } = await visit(rig);
    await view.askInBackground('Begin.');
    await view.answer(/^Slow$/).waitFor();
    await page.reload();
    await view.answer(/^Slow$/).waitFor();

    await page.route('**/cancel', (route) => route.abort(), { times: 1 });
    await view.button('Stop this run').click();
    await view.find('notice').filter({ hasText: 'Not stopped.' }).waitFor();
    await view.button('Stop this run').click();

    await view.note('Stopped.').waitFor();
    expect(rig.model.requests.map(({ method, path }) => `${method} ${path}`)).toContain(
      'POST /v1/responses/resp_1/cancel',
    );
    expect(await view.button('Stop this run').count()).toBe(0);
  });

  test('Hebrew runs from right to left, and English beside it does not', async () => {
    await using rig = await openPageRig({ steps: [reply('A language.')] });
    const { view } = await visit(rig);

    await view.ask('מה זה פייתון?');
    await view.done();

    const directions = await view.texts.evaluateAll((nodes) => nodes.map((node) => getComputedStyle(node).direction));
    expect(directions).toEqual(['rtl', 'ltr']);
  });

  test('the end stays in view through answers longer than the page', async () => {
    const long = `${'A line of an answer.\n'.repeat(30)}End.`;
    await using rig = await openPageRig({ steps: [reply(long), reply('Short.'), reply('Short.')] });
    const { view } = await visit(rig);
    const distances: number[] = [];

    for (const question of ['One?', 'Two?', 'Three?']) {
      await view.ask(question);
      await view.done();
      distances.push(
        await view.find('transcript').evaluate((log) => log.scrollHeight - log.scrollTop - log.clientHeight),
      );
    }

    expect(distances.every((distance) => distance < 1)).toBe(true);
  });

  test('a paste that is longer than the server takes is kept and reported', async () => {
    await using rig = await openPageRig({ input: { '/chat/stream': { maxMessageChars: 50 } } });
    const { view } = await visit(rig);

    await view.field.fill('x'.repeat(60));

    const length = view.find('length').filter({ hasText: 'a question may have 50 characters' });
    expect(await length.textContent()).toMatch(/^60 characters; .* It stays here: shorten it by 10 characters\.$/);
    expect([await view.button('Send').isDisabled(), await view.field.inputValue()]).toEqual([true, 'x'.repeat(60)]);
  });

  test('a double click asks once and stops nothing', async () => {
    await using rig = await openPageRig({ steps: [reply('Once.', { firstChunkDelayMs: 300 })] });
    const { view } = await visit(rig);
    await view.field.fill('How often?');

    await view.button('Send').dblclick();

    await view.answer('Once.').waitFor();
    expect(rig.model.requests).toHaveLength(1);
  });

  test('Shift+Enter begins a line, Enter sends, Escape stops', async () => {
    await using rig = await openPageRig({
      steps: [reply(['So ', 'on'], { fault: stallAfter({ chunks: 1 }) })],
    });
    const { page, view } = await visit(rig);

    await view.field.pressSequentially('a');
    await view.field.press('Shift+Enter');
    await view.field.pressSequentially('b');
    await view.field.press('Enter');
    await view.answer(/^So$/).waitFor();
    await page.keyboard.press('Escape');

    await view.note('Stopped.').waitFor();
    expect(rig.model.requests[0]!.texts).toEqual(['a\nb']);
  });

  test('a failure is shown under the answer, and the next question does not build on it', async () => {
    await using rig = await openPageRig({ steps: [httpError(500), reply('Here.')] });
    const { page, view } = await visit(rig);

    await view.ask('Are you there?');
    await page.getByRole('alert').waitFor();
    await view.ask('And now?');
    await view.answer('Here.').waitFor();

    expect(rig.model.requests[1]!.texts).toEqual(['And now?']);
  });

  test('more background runs than the browser has connections leave room for a chat', async () => {
    const slow = Array.from({ length: 7 }, () => background(reply(['Slow ', 'work'], { chunkDelayMs: 60_000 })));
    const steps = [reply('Here.'), ...slow, reply('Still here.')];
    // One owner gets half of the slots.
    await using rig = await openPageRig({ ceilings: { workers: 14 }, steps });
    const { view } = await visit(rig);
    await view.ask('Are you there?');
    await view.done();

    for (let run = 1; run <= 7; run += 1) {
      await view.askInBackground(`Work ${run}.`);
      await view
        .button('Stop this run')
        .nth(run - 1)
        .waitFor();
    }
    await expect.poll(() => rig.model.requests.filter(({ method }) => method === 'POST').length).toBe(8);
    await view.ask('And now?');

    await view.answer('Still here.').waitFor();
  });
});
