// A question in a real browser: edited, asked again, too long, and with the keyboard alone.
import { describe, expect, test } from 'vitest';
import { hasBrowser } from '../../../../../scripts/browser.ts';
import { rolesOfLastRequest } from '../../look.ts';
import { type Visit, visitLab } from '../../rig.ts';

describe.skipIf(!hasBrowser)('the chat in chromium', { tags: ['browser'] }, () => {
  const visit = visitLab();

  test('the last question is edited: the session forgets what it was, and the model sees only the new one', async () => {
    const { answer, find } = visit();
    await answer('What is Python?');
    await answer('What is Rust?');
    const first = await find('edit').first().isVisible();

    await find('edit').last().click();
    await find('edited').fill('How old is it?');
    await find('send-edited').click();
    await find('asked').filter({ hasText: 'How old' }).waitFor();
    await visit().ended('done');

    expect(first).toBe(false);
    expect(await find('asked').allTextContents()).toEqual(['What is Python?', 'How old is it?']);
    expect(await find('answer').last().textContent()).toContain('1991');
    expect(await rolesOfLastRequest(visit())).toEqual(['user', 'assistant', 'user']);
  });

  test('asked again, the question is in the session once; a question from another tab is not taken back', async () => {
    const { answer, find, page } = visit();
    await answer('What is Python?');
    await find('again').click();
    await expect.poll(() => find('column').count()).toBe(2);
    await visit().ended('done');
    const roles = await rolesOfLastRequest(visit());
    const turns = await find('turn').count();
    await askElsewhere(visit());

    await find('again').click();

    await find('notice').filter({ hasText: 'Another tab has continued' }).waitFor();
    expect([turns, roles]).toEqual([1, ['user']]);
    expect(await page.locator('.exchange').count()).toBe(1);
  });

  test('a text that is too long is kept and reported, and the field grows with what is in it', async () => {
    const { find, question, send } = visit();
    const height = async (): Promise<number> => (await question.boundingBox())!.height;
    const one = await height();
    await question.fill('1\n2\n3\n4');
    const four = await height();

    await question.fill('x'.repeat(100_345));

    expect(four).toBeGreaterThan(one + 50);
    expect(await find('length').textContent()).toBe(
      '100,345 characters; a question may have 100,000 characters. It stays here: shorten it by 345 characters.',
    );
    expect(await send.isDisabled()).toBe(true);
    expect((await question.inputValue()).length).toBe(100_345);
  });

  test('with the keyboard alone a question is edited and asked again, and consent is given', async () => {
    const { answer, ask, find, page } = visit();
    await answer('What is Python?');

    await tabTo(visit(), 'edit');
    await page.keyboard.press('Enter');
    await page.keyboard.type(' Once more.');
    await page.keyboard.press('Enter');
    await find('asked').filter({ hasText: 'What is Python? Once more.' }).waitFor();
    await visit().ended('done');
    await ask('Send a postcard to Rome.');
    await find('consent').waitFor();
    await tabTo(visit(), 'allow');
    await page.keyboard.press('Space');

    await find('answer').filter({ hasText: 'on its way to Rome' }).waitFor();
    await visit().ended('done');
  });
});

/** Presses Shift+Tab from the question field until the control has the focus. */
async function tabTo({ page, question }: Visit, testId: string): Promise<void> {
  await question.focus();
  for (let presses = 0; presses < 40; presses += 1) {
    await page.keyboard.press('Shift+Tab');
    if (await page.evaluate((id) => document.activeElement?.getAttribute('data-testid') === id, testId)) return;
  }
  throw new Error(`Tab does not lead to ${testId}.`);
}

/** Adds a turn to the conversation, as another tab would. */
async function askElsewhere({ page, lab }: Visit): Promise<void> {
  const sessionId = await page.evaluate(() => sessionStorage.getItem('turnstream-session'));
  await fetch(`${lab.url}/chat`, {
    method: 'POST',
    headers: { authorization: `Bearer ${lab.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ message: 'What is Go?', sessionId }),
  });
}
