// How a run ends when it is stopped, broken or left: what is seen, what the session keeps, and who stops working.
import { describe, expect, test } from 'vitest';
import { hasBrowser, openPage, type Visit, visitLab, visitOf } from '../rig.ts';

const QUESTION = 'What is Python?';
const LONG = 'Write a report about Python.';

describe.skipIf(!hasBrowser)('the lab in chromium', { tags: ['browser'] }, () => {
  const visit = visitLab({ guards: { firstUpdateMs: 1_500, idleMs: 800 } });

  test('L10 Stop ends the ticks and the model, and the next request lacks the turn', async () => {
    const { ask, answer, find, send } = visit();
    await ask(LONG);
    await expect.poll(async () => (await find('answer').last().textContent())?.length).toBeGreaterThan(20);

    await send.click();
    await visit().ended('stopped');
    const stopped = await find('answer').last().textContent();

    expect(await send.textContent()).toBe('Send');
    await expect.poll(async () => modelIsClosed(visit())).toBe(true);
    expect(await find('note').last().textContent()).toMatch(/not in the session/i);
    await answer(QUESTION);
    expect(await find('answer').first().textContent()).toBe(stopped);
    expect(await blocksOfLast(visit())).toEqual(['user']);
  });

  test('L11 Escape does the same, does nothing when nothing runs, and leaves the focus where it was', async () => {
    const { ask, find, page, question } = visit();
    await question.press('Escape');
    await ask(LONG);
    await expect.poll(async () => (await find('answer').last().textContent())?.length).toBeGreaterThan(5);

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

    expect(await blocksOfLast(visit())).toEqual(['user']);
    expect(await page.locator('#fault').inputValue()).toBe('none');
  });

  test('L13 silence in mid-answer: the guard that ends it is named, and an alert says why', async () => {
    const { answer, find, page } = visit();
    await page.selectOption('#fault', 'stall');

    await answer(QUESTION);

    const guard = await find('lane').last().getByTestId('guard').textContent();
    expect(Number(/^silence after (\d+) ms$/.exec(guard ?? '')?.[1])).toBeGreaterThanOrEqual(800);
    expect(await page.getByRole('alert').textContent()).toContain('fell silent');
    expect(await find('turn').last().getAttribute('data-state')).toBe('failed');
  });

  test.for([
    ['slow', 'first word', 'failed'],
    ['flood', 'byte ceiling', 'failed'],
  ] as const)('L14 fault %s: the guard is %s', async ([fault, name, state]) => {
    const { answer, find, page } = visit();
    await page.selectOption('#fault', fault);

    await answer(QUESTION);

    expect(await find('lane').last().getByTestId('guard').textContent()).toMatch(new RegExp(`^${name} after`));
    expect(await find('turn').last().getAttribute('data-state')).toBe(state);
    expect((await find('answer').last().textContent())?.length).toBeLessThanOrEqual(60_000);
  });

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
    const { answer, find, page } = visit();
    await page.selectOption('#fault', 'busy');

    await answer(QUESTION);

    const retry = find('lane').last().getByTestId('retry');
    await retry.waitFor({ state: 'attached' });
    expect(await retry.count()).toBe(1);
    expect(Number(/^asked again after (\d+) ms$/.exec((await retry.textContent()) ?? '')?.[1])).toBeGreaterThanOrEqual(
      300,
    );
    expect(await find('turn').last().getAttribute('data-state')).toBe('done');
  });

  test('L17 a buffering proxy: sent apart, arrived together', async () => {
    const { find } = visit();
    await find('view-break').click();

    await find('break-buffer').click();

    const told = find('card-buffer').getByTestId('outcome');
    await told.waitFor();
    const [, sent, arrived] =
      /sent within ([\d.]+ m?s), arrived within (\d+) ms/.exec((await told.textContent()) ?? '') ?? [];
    expect(inMs(sent)).toBeGreaterThan(5 * Number(arrived));
    expect(Number(arrived)).toBeLessThan(100);
  });

  test('L18 a worker that dies: two claims, one turn', async () => {
    const { find } = visit();
    await find('view-break').click();

    await find('break-crash').click();

    const told = find('card-crash').getByTestId('outcome');
    await told.waitFor();
    expect(await told.textContent()).toContain('worker 1');
    expect(await told.textContent()).toContain('worker 2');
    expect(await told.textContent()).toContain('kept the turn, once');
    expect(await find('card-crash').getByTestId('end').textContent()).toBe('done');
  });

  test('L19 a server restart during a background run: the page says it is reconnecting, then has the answer once', async () => {
    const { ask, find, page } = visit();
    await page.selectOption('#fault', 'restart');

    await ask(QUESTION);
    await expect.poll(async () => find('turn').last().getAttribute('data-state')).toBe('reconnecting');
    await visit().ended('done');

    expect(await find('answer').last().textContent()).toMatch(/^(?!.*Python is.*Python is)Python is a high-level/);
    expect(await find('lane').last().getByTestId('lost').count()).toBe(1);
    expect(await find('lane').last().getByTestId('back').count()).toBe(1);
  });

  test('a server that dies under a stream leaves the turn cut, and the next question is answered', async () => {
    const { answer, ask, find, lab } = visit();
    await ask(LONG);
    await expect.poll(async () => (await find('answer').last().textContent())?.length).toBeGreaterThan(20);

    await post(lab, '/lab/crash', {});

    await visit().ended('cut');
    await answer(QUESTION);
    expect(await find('turn').last().getAttribute('data-state')).toBe('done');
  });

  test('L20 a reload during a background run finds the same run, and later the news', async () => {
    const { ask, find, page, set } = visit();
    await set('background');
    await ask(LONG);
    await expect.poll(async () => find('turn').last().getAttribute('data-state')).toBe('working');

    await page.reload();

    await expect.poll(async () => find('turn').last().getAttribute('data-state')).toBe('working');
    await find('badge').filter({ hasText: '1 new result' }).waitFor();
    expect(await find('turn').last().getAttribute('data-state')).toBe('done');
    expect(await find('answer').last().textContent()).toContain('Python');
  });

  test('L21 a reload during a stream shows the turn as cut, and the model has stopped', async () => {
    const { ask, find, page } = visit();
    await ask(LONG);
    await expect.poll(async () => (await find('answer').last().textContent())?.length).toBeGreaterThan(20);

    await page.reload();

    await expect.poll(async () => find('turn').last().getAttribute('data-state')).toBe('cut');
    await page.getByRole('alert').filter({ hasText: 'reloaded while the answer was coming' }).waitFor();
    await expect.poll(async () => modelIsClosed(visit())).toBe(true);
  });

  test('L22 a closed page stops a stream at the model', async () => {
    const { lab, page } = visit();
    const other = visitOf(lab, await page.context().newPage());
    await openPage(other);
    await other.ask(LONG);
    await expect.poll(async () => (await other.find('answer').textContent())?.length).toBeGreaterThan(20);
    const runId = await other.find('lane').getAttribute('data-run');

    await other.page.close();

    await expect.poll(async () => (await callsOf(lab, runId ?? ''))[0]?.closedEarly).toBe(true);
  });

  test('L22 a closed page leaves a background run alone', async () => {
    const { lab, page } = visit();
    const other = visitOf(lab, await page.context().newPage());
    await openPage(other);
    await other.set('background');
    await other.ask('What is Ruby?');
    await expect.poll(async () => other.find('turn').getAttribute('data-state')).toBe('working');

    await other.page.close();

    await expect.poll(async () => latestRun(lab)).toMatchObject({ message: 'What is Ruby?', state: 'completed' });
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
    const { ask, answer, find, page, lab } = visit();
    await answer(QUESTION);
    await ask(LONG);
    await expect.poll(async () => find('turn').last().getAttribute('data-state')).toBe('streaming');

    const sessionId = await page.evaluate(() => sessionStorage.getItem('lab-session'));
    const { status, body } = await post(lab, '/chat/stream', { message: 'And Rust?', sessionId });

    expect(status).toBe(409);
    expect(body).toMatchObject({ error: { code: 'session_busy', message: expect.stringContaining('in progress') } });
    await page.keyboard.press('Escape');
    await visit().ended('stopped');
  });
});

interface Call {
  readonly endedAtMs: number | null;
  readonly closedEarly: boolean;
}

/** What the model saw of a run. */
async function callsOf(lab: Visit['lab'], runId: string): Promise<readonly Call[]> {
  const response = await fetch(`${lab.url}/lab/model?turn=${runId}`, {
    headers: { authorization: `Bearer ${lab.token}` },
  });
  return ((await response.json()) as { calls: readonly Call[] }).calls;
}

async function latestRun({ url, token }: Visit['lab']): Promise<unknown> {
  const response = await fetch(`${url}/runs?limit=1`, { headers: { authorization: `Bearer ${token}` } });
  return ((await response.json()) as { runs: readonly unknown[] }).runs[0];
}

async function modelIsClosed({ find, lab }: Visit): Promise<boolean> {
  const runId = await find('lane').last().getAttribute('data-run');
  const calls = await callsOf(lab, runId ?? '');
  return calls.length > 0 && calls.every(({ endedAtMs }) => endedAtMs !== null);
}

async function post(
  { url, token }: Visit['lab'],
  path: string,
  body: unknown,
): Promise<{ status: number; body: unknown }> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const response = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: response.status, body: await response.json() };
}

async function blocksOfLast({ find }: Visit): Promise<readonly (string | undefined)[]> {
  const blocks = find('column').last().getByTestId('block');
  return blocks.evaluateAll((all) =>
    (all as HTMLElement[]).map(({ dataset }) => dataset['role']).filter((role) => role !== 'system'),
  );
}

function inMs(told = ''): number {
  return Number.parseFloat(told) * (told.endsWith(' ms') ? 1 : 1_000);
}
