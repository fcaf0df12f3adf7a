// Tool calls on the page, and those that wait for approval: shown as text, decided by two buttons, still there after a reload.
import { tool } from '@turnstream/core';
import { answer, background, callTool, reply } from '@turnstream/testkit';
import { describe, expect, test } from 'vitest';
import { hasBrowser } from '../../../../scripts/browser.ts';
import { five, paying } from '../paying.ts';
import { openPageRig } from './page-rig.ts';
import { visit } from './view.ts';

const asks = answer([reply('I will pay. '), callTool('pay', [five], { callId: 'call_1' })]);

describe.skipIf(!hasBrowser)('the page in chromium', { tags: ['browser'] }, () => {
  test('a tool call shows its name and how it ended, and no more than the server tells', async () => {
    const weather = tool({ name: 'weather', description: 'The weather.', execute: () => 'A secret of the tool.' });
    const steps = [callTool('weather', '{}'), reply('Sunny.')];
    await using rig = await openPageRig({ steps, agent: { tools: [weather] } });
    const { view } = await visit(rig);

    await view.ask('Weather?');
    await view.done();

    expect(await view.find('tool-card').innerText()).toBe('weatherdone');
  });

  test('a chat shows what it wants to call, also after a reload, and goes on when it is approved', async () => {
    const { pay, paid } = paying();
    await using rig = await openPageRig({ steps: [asks, reply('Paid.')], agent: { tools: [pay] } });
    const { page, view, complaints } = await visit(rig);
    await view.ask('Pay five euros.');
    await view.button('Allow').waitFor();

    await page.reload();
    await view.button('Allow').waitFor();
    const shown = await view.find('consent').innerText();
    await view.button('Allow').click();
    await view.answer('Paid.').waitFor();

    expect(shown.split(/\n+/).slice(1)).toEqual(['pay', '{', '  "euros": 5', '}', 'Allow', 'Reject']);
    expect(await view.find('consent').count()).toBe(0);
    expect([paid, complaints]).toEqual([[5], []]);
  });

  test('a rejected call does not run, and a new question takes the place of a decision', async () => {
    const { pay, paid } = paying();
    const steps = [asks, reply('All right.'), asks, reply('Hello.')];
    await using rig = await openPageRig({ steps, agent: { tools: [pay] } });
    const { view } = await visit(rig);
    await view.ask('Pay five euros.');

    await view.button('Reject').click();
    await view.answer('All right.').waitFor();
    await view.ask('Pay after all.');
    await view.button('Reject').waitFor();
    await view.ask('Never mind. Hello.');
    await view.answer(/^Hello\.$/).waitFor();

    expect(await view.find('consent').count()).toBe(0);
    expect(paid).toEqual([]);
  });

  test('a background run asks on the page, after a reload too, and goes on with the decision', async () => {
    const { pay, paid } = paying();
    const steps = [background(asks), background(reply('Paid.'))];
    await using rig = await openPageRig({ steps, agent: { tools: [pay] } });
    const { page, view, complaints } = await visit(rig);
    await view.askInBackground('Pay five euros.');
    await view.button('Allow').waitFor();

    await page.reload();
    await view.button('Allow').click();

    await view.note('Done in the background.').waitFor();
    await view.answer('I will pay. Paid.').waitFor();
    expect(await view.texts.allTextContents()).toEqual(['Pay five euros.', 'I will pay. Paid.']);
    expect([paid, complaints, await view.find('consent').count()]).toEqual([[5], [], 0]);
  });

  test('arguments stay text, and what cannot be seen in them is spelled out', async () => {
    const { pay } = paying();
    const hostile = '{"euros": 5, "to": "<img src=x onerror=alert(1)>\u202Egnp.exe\u200B"}';
    const steps = [callTool('pay', [hostile], { callId: 'call_1' })];
    await using rig = await openPageRig({ steps, agent: { tools: [pay] } });
    const { page, view, complaints } = await visit(rig);

    await view.ask('Pay.');
    await view.button('Allow').waitFor();

    const shown = await view.find('consent').locator('pre').textContent();
    expect(shown).toBe('{\n  "euros": 5,\n  "to": "<img src=x onerror=alert(1)>\\u{202e}gnp.exe\\u{200b}"\n}');
    expect(await page.locator('.transcript img').count()).toBe(0);
    expect(complaints).toEqual([]);
  });
});
