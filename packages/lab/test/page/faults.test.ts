// Broken connections, a busy model, and servers that die: what is seen of each, and what is asked again.
import { describe, expect, onTestFinished, test } from 'vitest';
import { hasBrowser } from '../../../../scripts/browser.ts';
import { modelIsClosed, post } from '../lab-calls.ts';
import { lastLane, lengthOfLast } from '../look.ts';
import { SLOWLY } from '../model.ts';
import { visitLab } from '../rig.ts';

const QUESTION = 'What is Python?';
const LONG = `Write a report about Python${SLOWLY}`;

describe.skipIf(!hasBrowser)('the lab in chromium', { tags: ['browser'] }, () => {
  // Slow enough that a worker dies before its answer is there.
  const visit = visitLab({ everyMs: 80 });

  test('L15 a cut connection: what came stays, greyed, and nobody asks again', async () => {
    const { answer, find, page } = visit();
    await page.selectOption('#fault', 'cut');
    const asked: string[] = [];
    page.on('request', (request) => asked.push(`${request.method()} ${new URL(request.url()).pathname}`));

    await answer(QUESTION);
    await expect.poll(async () => modelIsClosed(visit())).toBe(true);

    page.removeAllListeners('request');
    expect(await find('turn').last().getAttribute('data-state')).toBe('cut');
    expect(await find('turn').last().getAttribute('class')).toContain('apart');
    expect((await find('answer').last().textContent())?.length).toBeGreaterThan(10);
    expect(asked.filter((each) => each === 'POST /chat/stream')).toHaveLength(1);
  });

  test('L16 busy, then fine: one mark says how long it waited, and the answer is whole', async () => {
    const { answer, find, model, page } = visit();
    model.everyMs = 1;
    await page.selectOption('#fault', 'busy');

    await answer(QUESTION);

    const retry = lastLane(visit()).getByTestId('retry');
    await retry.waitFor({ state: 'attached' });
    expect(await retry.count()).toBe(1);
    expect(Number(/^asked again after (\d+) ms$/.exec((await retry.textContent()) ?? '')?.[1])).toBeGreaterThanOrEqual(
      300,
    );
    expect(await find('turn').last().getAttribute('data-state')).toBe('done');
  });

  test('L17 a buffering proxy: sent apart, arrived together', async () => {
    const { find, model } = visit();
    model.everyMs = 40;
    await find('view-break').click();

    await find('break-buffer').click();

    const outcome = find('card-buffer').getByTestId('outcome');
    await outcome.waitFor();
    const [, sent, arrived] =
      /sent within ([\d.]+ m?s), arrived within (\d+) ms/.exec((await outcome.textContent()) ?? '') ?? [];
    expect(inMs(sent)).toBeGreaterThan(5 * Number(arrived));
    expect(Number(arrived)).toBeLessThan(100);
  });

  test('L18 a worker that dies: two claims, one turn', async () => {
    const { find, model } = visit();
    await find('view-break').click();

    await find('break-crash').click();
    await find('card-crash').getByTestId('back').waitFor({ state: 'attached' });
    model.clock.advance(5_000);

    const outcome = find('card-crash').getByTestId('outcome');
    await outcome.waitFor();
    expect(await outcome.textContent()).toContain('worker 1');
    expect(await outcome.textContent()).toContain('worker 2');
    expect(await outcome.textContent()).toContain('kept the turn, once');
    expect(await find('card-crash').getByTestId('end').textContent()).toBe('done');
  });

  test('L19 a server restart during a background run: the page says it is reconnecting, then has the answer once', async () => {
    const { ask, find, model, page } = visit();
    const { promise: isBack, resolve: bringBack } = Promise.withResolvers<void>();
    onTestFinished(() => bringBack());
    model.away = () => isBack;
    await page.selectOption('#fault', 'restart');

    await ask(QUESTION);
    await visit().turnIs('reconnecting');
    bringBack();
    model.clock.advance(5_000);
    await visit().turnIs('done');

    expect(await find('answer').last().textContent()).toMatch(/^(?!.*Python is.*Python is)Python is a high-level/);
    expect(await lastLane(visit()).getByTestId('lost').count()).toBe(1);
    expect(await lastLane(visit()).getByTestId('back').count()).toBe(1);
  });

  test('a server that dies under a stream leaves the turn cut, and the next question is answered', async () => {
    const { answer, ask, find, lab, model } = visit();
    model.everyMs = 1;
    await ask(LONG);
    await expect.poll(() => lengthOfLast(visit())).toBeGreaterThan(20);

    await post(lab, '/lab/crash', {});

    await visit().ended('cut');
    await answer(QUESTION);
    expect(await find('turn').last().getAttribute('data-state')).toBe('done');
  });
});

function inMs(outcome = ''): number {
  return Number.parseFloat(outcome) * (outcome.endsWith(' ms') ? 1 : 1_000);
}
