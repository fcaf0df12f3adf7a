// Conversations in a real browser: listed, opened, renamed, deleted, and there after a reload.
import { describe, expect, test } from 'vitest';
import { hasBrowser } from '../../../../../scripts/browser.ts';
import { rolesOfLastRequest } from '../../look.ts';
import { visitLab } from '../../rig.ts';

describe.skipIf(!hasBrowser)('the chat in chromium', { tags: ['browser'] }, () => {
  const visit = visitLab();

  test('conversations are listed, named by their first question, opened, renamed and deleted', async () => {
    const { answer, find, page } = visit();
    await answer('Which is listed?');
    await find('new-chat').click();
    await find('turn').waitFor({ state: 'detached' });
    await answer('What is Rust?');

    await find('conversations').click();
    await find('open').filter({ hasText: 'Which is listed?' }).waitFor();
    const listed = await find('open').allTextContents();
    await find('open').filter({ hasText: 'Which is listed?' }).click();
    await find('conversation-list').waitFor({ state: 'detached' });
    await expect.poll(() => find('asked').allTextContents()).toEqual(['Which is listed?']);
    await find('conversations').click();
    const row = page.locator('.saved .current');
    await row.getByTestId('rename').click();
    await row.getByTestId('name').fill('Snakes');
    await page.keyboard.press('Enter');
    const renamed = await row.getByTestId('open').textContent();
    await row.getByTestId('delete').click();
    await row.getByTestId('delete').click();
    await row.waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');

    expect(listed[0]).toMatch(/^What is Rust\?/);
    expect(renamed).toMatch(/^Snakes/);
    await expect.poll(() => find('asked').count()).toBe(0);
    expect(await find('conversation').textContent()).toBe('New conversation');
  });

  test('in the chat view the conversations stand beside the chat, and the instruments are gone', async () => {
    const { answer, find, page } = visit();
    await find('view-chat').click();
    await answer('What stands beside?');
    const row = find('sidebar').getByTestId('open').filter({ hasText: 'What stands beside?' });
    await row.waitFor();
    await find('sidebar').getByRole('button', { name: 'New chat' }).click();
    await find('turn').waitFor({ state: 'detached' });

    await row.click();

    await expect.poll(() => find('asked').allTextContents()).toEqual(['What stands beside?']);
    expect(await page.locator('.saved .current').getByTestId('open').textContent()).toContain('What stands beside?');
    expect(await find('how').textContent()).toBe('Streaming · session: same · Demo model');
    const hidden = await Promise.all(['clock', 'stack', 'wire'].map((name) => find(name).isVisible()));
    expect([...hidden, await page.locator('.setup').isVisible()]).toEqual([false, false, false, false]);
    expect((await find('transcript').boundingBox())?.width).toBeGreaterThan(900);
  });

  test('after a reload the conversation is there, words say what happened, and its last question can be edited', async () => {
    const { answer, find, page, question } = visit();
    await answer('What is Python?');
    await question.fill('A draft\nof two lines');
    await page.reload();

    await find('notice').filter({ hasText: 'The page was reloaded. 1 turn of this conversation is in its' }).waitFor();
    const draft = await question.inputValue();
    const restored = await find('answer').textContent();
    await find('edit').click();
    await find('edited').fill('What is Rust?');
    await find('send-edited').click();
    await find('asked').filter({ hasText: 'Rust' }).waitFor();
    await visit().ended('done');

    expect(draft).toBe('A draft\nof two lines');
    expect(restored).toContain('Python is');
    expect(await find('asked').allTextContents()).toEqual(['What is Rust?']);
    expect(await rolesOfLastRequest(visit())).toEqual(['user']);
  });
});
