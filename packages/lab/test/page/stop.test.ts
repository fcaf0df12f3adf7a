// A run that is stopped, asked again, or asked twice: what is seen, and what the session keeps.
import { describe, expect, test } from 'vitest';
import { hasBrowser } from '../../../../scripts/browser.ts';
import { callsOf, modelIsClosed } from '../lab-calls.ts';
import { lastLane, lengthOfLast, rolesOfLastRequest } from '../look.ts';
import { SLOWLY } from '../model.ts';
import { anotherTab, visitLab } from '../rig.ts';

const QUESTION = 'What is Python?';
const LONG = `Write a report about Python${SLOWLY}`;

describe.skipIf(!hasBrowser)('the lab in chromium', { tags: ['browser'] }, () => {
  const visit = visitLab();

  test('L10 Stop ends the ticks and the model, and the next request lacks the turn', async () => {
    const { ask, answer, find, lab, send } = visit();
    await ask(LONG);
    await expect.poll(() => lengthOfLast(visit())).toBeGreaterThan(20);

    await send.click();
    const stoppedAtMs = Date.now();
    await visit().ended('stopped');
    const stopped = await find('answer').last().textContent();
    const ticks = await lastLane(visit()).getByTestId('ticks').getAttribute('d');

    expect(await send.getAttribute('aria-label')).toBe('Send');
    await expect.poll(async () => modelIsClosed(visit())).toBe(true);
    const [call] = await callsOf(lab, (await lastLane(visit()).getAttribute('data-run')) ?? '');
    expect(call?.endedAtMs).toBeLessThan(stoppedAtMs + 1_000);
    expect(await lastLane(visit()).getByTestId('ticks').getAttribute('d')).toBe(ticks);
    expect(await find('note').last().textContent()).toMatch(/not in the session/i);
    await answer(QUESTION);
    expect(await find('answer').first().textContent()).toBe(stopped);
    expect(await rolesOfLastRequest(visit())).toEqual(['user']);
  });

  test('L11 Escape does the same, does nothing when nothing runs, and leaves the focus where it was', async () => {
    const { ask, page, question } = visit();
    await question.press('Escape');
    await ask(LONG);
    await expect.poll(() => lengthOfLast(visit())).toBeGreaterThan(5);

    await page.keyboard.press('Escape');

    await visit().ended('stopped');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('question');
  });

  test('L12 Retry after a failure asks once more, and the question is there once', async () => {
    const { answer, find, page } = visit();
    await page.selectOption('#fault', 'error');
    await answer(QUESTION);

    await find('retry').first().click();
    await visit().ended('done');

    expect(await rolesOfLastRequest(visit())).toEqual(['user']);
    expect(await page.locator('#fault').inputValue()).toBe('none');
  });

  test('L29 a double click asks once, and an empty field cannot be sent', async () => {
    const { find, question, send } = visit();
    expect(await send.isDisabled()).toBe(true);
    await question.fill(QUESTION);

    await send.dblclick();

    await visit().ended('done');
    expect(await find('turn').count()).toBe(1);
    expect(await send.isDisabled()).toBe(true);
  });

  test('L30 two tabs on one session: the second question is refused with words', async () => {
    const { ask, answer, find, page } = visit();
    await answer(QUESTION);
    const sessionId = await page.evaluate(() => sessionStorage.getItem('turnstream-session'));
    const other = await anotherTab(visit());
    await other.page.evaluate((id) => sessionStorage.setItem('turnstream-session', id ?? ''), sessionId);
    await other.page.reload();
    await other.find('turn').waitFor();
    await ask(LONG);
    await visit().turnIs('streaming');

    await other.ask('And Rust?');

    await other.page.getByRole('alert').filter({ hasText: 'in progress' }).waitFor();
    expect(await other.find('turn').last().getAttribute('data-state')).toBe('failed');
    expect(await find('turn').last().getAttribute('data-state')).toBe('streaming');
    await other.page.close();
    await page.bringToFront();
    await page.keyboard.press('Escape');
    await visit().ended('stopped');
  });
});
