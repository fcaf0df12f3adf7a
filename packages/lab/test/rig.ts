// One lab, one browser and one page for all checks of a file: they differ in what they ask, not in where.
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { BROWSER_ARGS, browserPath } from '../../../scripts/browser-path.ts';
import { type Lab, type LabOptions, startLab } from '../src/lab.ts';
import type { Mode, SessionChoice } from '../src/page/settings.ts';

/** Fast enough for tests, slow enough that words, a first word and an end are three moments. */
const PACE = { firstChunkDelayMs: 120, chunkDelayMs: 20, queuedMs: 100 };
/** A busy machine is no fault; a file that tests the guards has its own. */
const GUARDS = { firstUpdateMs: 20_000, idleMs: 20_000, totalMs: 60_000, maxBytes: 60_000 };
const DESKTOP = { width: 1280, height: 800 };
const TIMEOUT_MS = 20_000;

export const hasBrowser: boolean = browserPath() !== null;

export interface Visit {
  readonly lab: Lab;
  readonly page: Page;
  /** Errors of the page, and what its policy stopped. */
  readonly complaints: readonly string[];
  readonly question: Locator;
  readonly send: Locator;
  /** What has this test id. */
  find(testId: string): Locator;
  set(mode: Mode, session?: SessionChoice): Promise<void>;
  /** Sends, and does not wait. */
  ask(question: string): Promise<void>;
  /** Sends, and waits for the end. */
  answer(question: string): Promise<void>;
  /** The latest turn has ended so. */
  ended(state?: string): Promise<void>;
}

export interface VisitOptions extends LabOptions {
  readonly context?: BrowserContextOptions;
}

/** A page that is open before the first test of the file and is as good as new for each. */
export function visitLab(options: VisitOptions = {}): () => Visit {
  let lab: Lab;
  let browser: Browser;
  let visit: Visit;
  beforeAll(async () => {
    if (!hasBrowser) return;
    lab = await startLab({
      pace: PACE,
      busyMs: 300,
      awayMs: 600,
      ...options,
      guards: { ...GUARDS, ...options.guards },
    });
    browser = await chromium.launch({ executablePath: browserPath()!, args: BROWSER_ARGS });
    const context = await browser.newContext({ viewport: DESKTOP, ...options.context });
    context.setDefaultTimeout(TIMEOUT_MS);
    visit = visitOf(lab, await context.newPage());
    await openPage(visit);
  });
  afterAll(async () => {
    await browser?.close();
    await lab?.[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    if (!hasBrowser) return;
    (visit.complaints as string[]).splice(0);
    await reset(visit);
  });
  afterEach(() => {
    if (hasBrowser) expect(visit.complaints).toEqual([]);
  });
  return () => visit;
}

export async function openPage({ lab, page }: Visit, query = ''): Promise<void> {
  await page.goto(`${lab.url}/${query}#token=${lab.token}`);
  await page.getByTestId('question').waitFor({ state: 'attached' });
}

export function visitOf(lab: Lab, page: Page): Visit {
  const find = (testId: string): Locator => page.getByTestId(testId);
  const question = find('question');
  const send = find('send');
  const ask = async (text: string): Promise<void> => {
    await question.fill(text);
    await send.click();
  };
  const ended = async (state?: string): Promise<void> => {
    const last = find('turn').last();
    await expect.poll(async () => last.getAttribute('data-state')).toMatch(state ?? /^(?:done|stopped|failed|cut)$/);
  };
  return {
    lab,
    page,
    complaints: complaintsOf(page),
    question,
    send,
    find,
    async set(mode, session = 'same') {
      await page.locator(`input[name=mode][value=${mode}]`).check({ force: true });
      await page.locator(`input[name=session][value=${session}]`).check({ force: true });
    },
    ask,
    async answer(text) {
      const before = await find('turn').count();
      await ask(text);
      await find('turn').nth(before).waitFor({ state: 'attached' });
      await ended();
    },
    ended,
  };
}

/** A new conversation, the settings of the beginning, and the first view. */
async function reset(visit: Visit): Promise<void> {
  const { page, find, set, question } = visit;
  await page.setViewportSize(DESKTOP);
  if (await find('view-lab').isVisible()) await find('view-lab').click();
  await set('streaming', 'same');
  await find('anew').dispatchEvent('click');
  await find('turn').first().waitFor({ state: 'detached' });
  await question.fill('');
}

/** What a cut connection or a server that is away looks like to the browser is no fault of the page. */
const EXPECTED = /ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET|status of (?:404|409|50\d)/;

function complaintsOf(page: Page): readonly string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    const isComplaint = message.type() === 'error' || message.type() === 'warning';
    if (isComplaint && !EXPECTED.test(message.text())) complaints.push(message.text());
  });
  return complaints;
}

/** The rows of an instrument's table. */
export async function tableOf({ page, find }: Visit, name: string): Promise<readonly (readonly string[])[]> {
  await find(`table-${name}`).click();
  const table = find('table');
  const rows = await table
    .locator('tbody tr')
    .evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent)));
  await page.keyboard.press('Escape');
  await table.waitFor({ state: 'detached' });
  return rows;
}
