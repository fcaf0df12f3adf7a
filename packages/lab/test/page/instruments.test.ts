// Clock, stack and wire, in a real browser: what each mode and each session looks like.
import { describe, expect, test } from 'vitest';
import { hasBrowser } from '../../../../scripts/browser.ts';
import { lastLane, type Seen, seenUntilDone, sticksOut, tableOf } from '../look.ts';
import { SLOWLY } from '../model.ts';
import { type Visit, visitLab } from '../rig.ts';

const QUESTION = 'What is Python?';
const SLOW = `What is Python${SLOWLY}`;
const NEXT = 'How old is it? Answer with a year only.';

describe.skipIf(!hasBrowser)('the lab in chromium', { tags: ['browser'] }, () => {
  const visit = visitLab();

  test('L01 the page has no complaint, asks nobody else, and may load nothing but its own', async () => {
    const { lab, page } = visit();

    const { headers } = await fetch(lab.url);
    const origins = await page.evaluate(() =>
      performance.getEntriesByType('resource').map(({ name }) => new URL(name).origin),
    );

    expect(new Set(origins)).toEqual(new Set([lab.url]));
    expect(headers.get('content-security-policy')?.replace(/sha256-[\w+/]+=/, 'sha256-x')).toBe(
      "default-src 'none'; script-src 'self' 'sha256-x'; style-src 'self'; connect-src 'self'; img-src data:; " +
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
    );
    expect(await page.locator('script[crossorigin]').count()).toBe(0);
  });

  test('L02 streaming: the answer grows before it is done', async () => {
    const { ask, model } = visit();
    model.everyMs = 60;

    const seen = seenUntilDone(visit());
    await ask(QUESTION);
    const lengths = lengthsOf(await seen, 100);

    expect(new Set(lengths.filter((length) => length > 0)).size).toBeGreaterThanOrEqual(5);
  });

  test('L03 full answer: nothing, then all of it', async () => {
    const { ask, find, set } = visit();
    await set('full');

    const seen = seenUntilDone(visit());
    await ask(SLOW);
    const lengths = lengthsOf(await seen);

    expect(new Set(lengths)).toEqual(new Set([0]));
    expect(await find('answer').last().textContent()).toMatch(/^Python is .* standard library\.$/);
    const { firstMs, totalMs } = await lastRun(visit());
    expect(totalMs - firstMs).toBeLessThan(50);
  });

  test('L05 background: the connection is closed long before the answer, and the states come in order', async () => {
    const { ask, model, set, find } = visit();
    model.everyMs = 100;
    await set('background');

    const seeing = seenUntilDone(visit());
    await ask('What is Rust?');
    const seen = await seeing;

    expect(new Set(lengthsOf(seen))).toEqual(new Set([0]));
    const states = seen.map(({ state }) => state).filter((state) => state !== 'sent');
    expect(states.filter((state, index) => state !== states[index - 1])).toEqual(['queued', 'working', 'done']);
    const { connectionMs, totalMs } = await lastRun(visit());
    expect(connectionMs).toBeLessThan(totalMs / 2);
    expect(await lastLane(visit()).getByTestId('poll').count()).toBeGreaterThanOrEqual(3);
    expect(await find('answer').last().textContent()).toContain('Rust');
  });

  test('L06 the same session: the second request carries the first turn, and only what is new is outlined', async () => {
    const { answer } = visit();
    await answer(QUESTION);

    await answer(NEXT);

    expect(await columnsIn(visit())).toEqual([
      ['system', 'user new'],
      ['system', 'user', 'assistant new', 'user new'],
    ]);
  });

  test('columns that do not fit a phone scroll in the stack, and the page does not', async () => {
    const { answer, find, page } = visit();
    for (const question of [QUESTION, NEXT, QUESTION]) await answer(question);

    await page.setViewportSize({ width: 320, height: 640 });
    await find('part-stack').click();

    await expect.poll(() => find('column').count()).toBe(3);
    expect(await sticksOut(visit())).toBe(false);
    await find('part-chat').click();
  });

  test.for(['none', 'new'] as const)('L07 session %s: the request carries the question alone', async (session) => {
    const { answer, set } = visit();
    await set('streaming', session);
    await answer(QUESTION);

    await answer(NEXT);

    expect(await columnsIn(visit())).toEqual([
      ['system', 'user new'],
      ['system', 'user new'],
    ]);
  });

  test('L09 changed instructions change the system block and nothing else', async () => {
    const { answer, find } = visit();
    await answer(QUESTION);

    await find('instructions').fill('Answer in capital letters.');
    await find('instructions').blur();
    await expect.poll(async () => find('instructions').getAttribute('aria-busy')).toBeNull();
    await answer(NEXT);

    const changed = find('column').last().locator('[data-changed]');
    expect(await changed.getAttribute('data-role')).toBe('system');
    expect(await changed.count()).toBe(1);
    expect(await columnsIn(visit())).toEqual([
      ['system', 'user new'],
      ['system changed', 'user', 'assistant new', 'user new'],
    ]);
    await find('instructions').fill('You answer briefly.');
    await find('instructions').blur();
    await expect.poll(async () => find('instructions').getAttribute('aria-busy')).toBeNull();
  });

  test('L23 the frames are the answer, and a frame and its tick lead to each other', async () => {
    const { answer, find, page } = visit();
    await answer(QUESTION);
    await find('frame').filter({ hasText: 'done' }).waitFor();

    const texts = await find('frame')
      .filter({ hasText: /^\+\d+update/ })
      .locator('code')
      .allTextContents();
    await find('frame').nth(10).click();
    await find('picked-tick').waitFor();
    const { x = 0, y = 0, width = 0 } = (await lastLane(visit()).locator('.picture').boundingBox()) ?? {};
    await page.mouse.click(x + width - 10, y + 10);

    const joined = texts.map((text) => (JSON.parse(text) as { text: string }).text).join('');
    expect(joined).toBe(await find('answer').last().textContent());
    await expect.poll(async () => page.locator('.frame[aria-current=true] b').textContent()).toBe('update');
    expect(await find('picked-tick').count()).toBe(1);
  });

  test('a frame selected with the keyboard keeps the focus', async () => {
    const { answer, find, page } = visit();
    await answer(QUESTION);
    await find('frame').filter({ hasText: 'done' }).waitFor();

    await find('frame').nth(3).press('Enter');
    await find('picked-tick').waitFor();

    const [number, isPicked] = await page.evaluate(() => [
      document.activeElement?.getAttribute('data-frame'),
      document.activeElement?.getAttribute('aria-current'),
    ]);
    expect([number, isPicked]).toEqual(['4', 'true']);
  });

  test('L24 a tool call: the stack of its second request has the call and its result', async () => {
    const { answer, find } = visit();

    await answer('What is the weather in Paris?');

    expect(await columnsIn(visit())).toEqual([
      ['system', 'user new'],
      ['system', 'user', 'call new', 'result new'],
    ]);
    expect(await lastLane(visit()).getByTestId('tool').count()).toBe(1);
    expect(await find('answer').last().textContent()).toContain('22 °C');
  });

  test('each picture is a table too, with the same facts', async () => {
    const { answer } = visit();
    await answer(QUESTION);

    const clock = await tableOf(visit(), 'clock');
    const stack = await tableOf(visit(), 'stack');
    const wire = await tableOf(visit(), 'wire');

    expect(clock.filter(([what]) => what?.startsWith('update'))).toHaveLength(23);
    expect(stack.map(([, from, since]) => [from, since])).toEqual([
      ['system', ''],
      ['user', 'new'],
    ]);
    expect(wire.map(([, , event]) => event)).toEqual([
      'session',
      'request',
      ...Array(23).fill('update'),
      'stored',
      'done',
    ]);
  });
});

/** The lengths of the answer while it grew, at each change or at most once in this time. The last one is its end. */
function lengthsOf(seen: readonly Seen[], apartMs = 0): readonly number[] {
  let lastAt = -Infinity;
  const apart = seen.slice(0, -1).filter(({ atMs }) => {
    if (atMs - lastAt < apartMs) return false;
    lastAt = atMs;
    return true;
  });
  return apart.map(({ length }) => length);
}

/** What the lane of the last run says of its times. */
async function lastRun(visit: Visit): Promise<{ firstMs: number; totalMs: number; connectionMs: number }> {
  const lane = lastLane(visit);
  const label = (await lane.locator('svg').getAttribute('aria-label')) ?? '';
  const connectionMs = Number(await lane.getByTestId('connection').getAttribute('data-end-ms'));
  const firstMs = Number(/first word after (\d+) ms/.exec(label)?.[1]);
  return { firstMs, totalMs: Number(/(\d+) ms in all/.exec(label)?.[1]), connectionMs };
}

/** Each column from the agent's block upwards. */
async function columnsIn({ find }: Visit): Promise<readonly (readonly string[])[]> {
  return find('column').evaluateAll((columns) =>
    columns.map((column) =>
      [...column.querySelectorAll<HTMLElement>('[data-testid=block]')].toReversed().map(({ dataset }) => {
        const news = 'fresh' in dataset ? ' new' : 'changed' in dataset ? ' changed' : '';
        return `${dataset['role']}${news}`;
      }),
    ),
  );
}
