// A lab and a page for the tests of a file. Files without options share both, and each test gets the page as good as new.
import type { BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { hasBrowser, openBrowser } from '../../../scripts/browser.ts';
import { type Lab, type LabOptions, startLab } from '../src/lab.ts';
import type { Mode, SessionChoice } from '../src/page/settings.ts';
import { latestTurnIs } from './latest-turn.ts';
import { briefly, type Says, TestModel } from './model.ts';

/** A busy machine is no fault; a file that tests the guards has its own. */
const GUARDS = { firstUpdateMs: 20_000, idleMs: 20_000, totalMs: 60_000, maxBytes: 60_000 };
const DESKTOP = { width: 1280, height: 800 };
const CONTEXT: BrowserContextOptions = { viewport: DESKTOP, permissions: ['clipboard-read', 'clipboard-write'] };
const TIMEOUT_MS = 20_000;
const ENDS = ['done', 'stopped', 'failed', 'cut'];

export interface Visit {
  readonly lab: Lab;
  readonly page: Page;
  readonly model: TestModel;
  /** Errors of the page, and what its policy stopped. */
  readonly complaints: string[];
  readonly question: Locator;
  readonly send: Locator;
  /** What has this test id. */
  find(testId: string): Locator;
  set(mode: Mode, session?: SessionChoice): Promise<void>;
  /** Sends, and does not wait. */
  ask(question: string): Promise<void>;
  /** Sends, and waits for the end. */
  answer(question: string): Promise<void>;
  /** The latest turn is in one of these states. */
  turnIs(...states: readonly string[]): Promise<void>;
  /** The latest turn has ended so. */
  ended(state?: string): Promise<void>;
}

export interface VisitOptions {
  readonly says?: Says;
  /** How long the model takes for each piece of an answer, in milliseconds: 1 when left out. */
  readonly everyMs?: number;
  /** Of a lab of its own. */
  readonly lab?: LabOptions;
}

let shared: Promise<Visit> | undefined;

/** A page that is open before the first test of the file and is as good as new for each. */
export function visitLab({ says = {}, everyMs = 1, lab: options }: VisitOptions = {}): () => Visit {
  let visit: Visit;
  beforeAll(async () => {
    if (!hasBrowser) return;
    visit = await (options === undefined ? (shared ??= openLab({})) : openLab(options));
  });
  afterAll(async () => {
    if (options === undefined || !hasBrowser) return;
    await visit.page.context().close();
    await visit.lab[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    if (!hasBrowser) return;
    visit.complaints.splice(0);
    Object.assign(visit.model, { says, everyMs, away: briefly });
    await reset(visit);
  });
  afterEach(() => {
    if (hasBrowser) expect(visit.complaints).toEqual([]);
  });
  return () => visit;
}

async function openLab({ guards, ...options }: LabOptions): Promise<Visit> {
  const model = new TestModel();
  const lab = await startLab({
    ...model.options,
    busyMs: 300,
    ...options,
    guards: { ...GUARDS, ...guards },
  });
  const browser = await openBrowser();
  const context = await browser.newContext(CONTEXT);
  context.setDefaultTimeout(TIMEOUT_MS);
  const visit = visitOf(lab, await context.newPage(), model);
  await openPage(visit);
  return visit;
}

export async function openPage({ lab, page }: Visit, query = ''): Promise<void> {
  await page.goto(`${lab.url}/${query}#token=${lab.token}`);
  await page.getByTestId('question').waitFor({ state: 'attached' });
}

/** A second tab in the same browser, for the test to close. */
export async function anotherTab({ lab, page, model }: Visit): Promise<Visit> {
  const tab = visitOf(lab, await page.context().newPage(), model);
  await openPage(tab);
  return tab;
}

function visitOf(lab: Lab, page: Page, model: TestModel): Visit {
  const find = (testId: string): Locator => page.getByTestId(testId);
  const question = find('question');
  const ask = async (text: string): Promise<void> => {
    await question.fill(text);
    await question.press('Enter');
  };
  const turnIs = (...states: readonly string[]): Promise<void> => latestTurnIs(page, states, TIMEOUT_MS);
  const ended = (state?: string): Promise<void> => (state === undefined ? turnIs(...ENDS) : turnIs(state));
  return {
    lab,
    page,
    model,
    complaints: complaintsOf(page),
    question,
    send: find('send'),
    find,
    async set(mode, session = 'same') {
      await page.evaluate(
        (chosen) => {
          for (const [name, value] of Object.entries(chosen))
            document.querySelector<HTMLElement>(`input[name=${name}][value=${value}]`)?.click();
        },
        { mode, session },
      );
    },
    ask,
    async answer(text) {
      const before = await find('turn').count();
      await ask(text);
      await find('turn').nth(before).waitFor({ state: 'attached' });
      await ended();
    },
    turnIs,
    ended,
  };
}

/** A new conversation, the settings of the beginning, and the first view. */
async function reset({ page, set }: Visit): Promise<void> {
  const size = page.viewportSize();
  if (size?.width !== DESKTOP.width || size.height !== DESKTOP.height) await page.setViewportSize(DESKTOP);
  await set('streaming', 'same');
  await page.evaluate(async () => {
    for (const testId of ['view-lab', 'anew']) document.querySelector<HTMLElement>(`[data-testid=${testId}]`)?.click();
    const question = document.querySelector<HTMLTextAreaElement>('[data-testid=question]');
    if (question !== null) question.value = '';
    question?.dispatchEvent(new Event('input'));
    question?.focus();
    while (document.querySelector('[data-testid=turn]') !== null) await new Promise(requestAnimationFrame);
  });
}

/** What a cut connection or a server that is away looks like to the browser is no fault of the page. */
const EXPECTED = /ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET|status of (?:404|409|50\d)/;

function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    const isComplaint = message.type() === 'error' || message.type() === 'warning';
    if (isComplaint && !EXPECTED.test(message.text())) complaints.push(message.text());
  });
  return complaints;
}
