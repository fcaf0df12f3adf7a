// Beginning a new chat on the page: what goes along, what stays, and what arrives late.
import { reply, stallAfter } from '@turnstream/testkit';
import { describe, expect, test } from 'vitest';
import { hasBrowser } from '../../../../scripts/browser.ts';
import { openPageRig } from './page-rig.ts';
import { visit } from './view.ts';

describe.skipIf(!hasBrowser)('a new chat in chromium', { tags: ['browser'] }, () => {
  test('the second question builds on the first answer, and a new chat does not', async () => {
    await using rig = await openPageRig({ steps: [reply('A language.'), reply('1991'), reply('What?')] });
    const { view } = await visit(rig);

    await view.ask('What is Python?');
    await view.answer('A language.').waitFor();
    await view.ask('How old is it?');
    await view.answer('1991').waitFor();
    await view.newChat();
    await view.ask('And now?');
    await view.answer('What?').waitFor();

    expect(rig.model.requests.map(({ texts }) => texts)).toEqual([
      ['What is Python?'],
      ['What is Python?', 'A language.', 'How old is it?'],
      ['And now?'],
    ]);
    expect(await view.texts.allTextContents()).toEqual(['And now?', 'What?']);
  });

  test('a new chat in mid-answer does not continue the conversation that it leaves', async () => {
    const half = reply(['Half ', 'way'], { fault: stallAfter({ chunks: 1 }) });
    await using rig = await openPageRig({ steps: [reply('One.'), half, reply('New.')] });
    const { view } = await visit(rig);
    await view.ask('1');
    await view.done();
    await view.ask('2');
    await view.answer('Half').waitFor();

    await view.newChat();
    await rig.model.requests[1]!.closed;
    await view.ask('And now?');
    await view.answer('New.').waitFor();

    expect(rig.model.requests[2]!.texts).toEqual(['And now?']);
  });

  test('a question asked while an earlier conversation opens continues that one', async () => {
    await using rig = await openPageRig({ steps: [reply('One.'), reply('Two.')] });
    const { page, view } = await visit(rig);
    await view.ask('1');
    await view.done();
    await view.newChat();
    const reading = Promise.withResolvers<void>();
    await page.route('**/runs?sessionId=*', async (route) => {
      await reading.promise;
      await route.continue();
    });

    await view.find('open').click();
    await view.field.fill('2');
    await view.field.press('Enter');
    reading.resolve();
    await view.answer('Two.').waitFor();

    expect(rig.model.requests.map(({ texts }) => texts)).toEqual([['1'], ['1', 'One.', '2']]);
    expect(await view.texts.allTextContents()).toEqual(['1', 'One.', '2', 'Two.']);
  });

  test('two pages have separate conversations, and a new chat in one does not affect the other', async () => {
    await using rig = await openPageRig({ steps: [reply('One.'), reply('Other.'), reply('Two.')] });
    const one = await visit(rig);
    await one.view.ask('1');
    await one.view.done();
    const other = await visit(rig);
    await other.view.newChat();
    await other.view.ask('a');
    await other.view.done();

    await one.view.ask('2');
    await one.view.answer('Two.').waitFor();

    expect(rig.model.requests.map(({ texts }) => texts)).toEqual([['1'], ['a'], ['1', 'One.', '2']]);
  });

  test('a new chat does not wait for the previous conversation to load, and does not show it if it loads late', async () => {
    await using rig = await openPageRig({ steps: [reply('Old.'), reply('New.'), reply('Next.')] });
    const { page, view } = await visit(rig);
    await view.ask('1');
    await view.done();
    const arrival = Promise.withResolvers<void>();
    await page.route('**/sessions/*', (route) => arrival.promise.then(() => route.continue()), { times: 1 });
    await page.reload();

    await view.newChat();
    await view.ask('2');
    await view.answer('New.').waitFor();
    const late = page.waitForResponse('**/sessions/*');
    arrival.resolve();
    await (await late).finished();
    await view.ask('3');
    await view.answer('Next.').waitFor();

    expect(await view.texts.allTextContents()).toEqual(['2', 'New.', '3', 'Next.']);
    expect(rig.model.requests.map(({ texts }) => texts)).toEqual([['1'], ['2'], ['2', 'New.', '3']]);
  });
});
