// Pictures of the lab for the pages: every view, in each size and theme. Run: pnpm --filter @turnstream/lab shots [folder]
// The one that the README shows is docs/images/lab.png; without a folder only that one is made.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { BROWSER_ARGS, browserPath } from '../../../scripts/browser-path.ts';
import { type Lab, startLab } from '../src/lab.ts';

const README_SHOT = fileURLToPath(new URL('../../../docs/images/lab.png', import.meta.url));
const SIZES = { wide: [1280, 800], phone: [390, 844], small: [320, 640] } as const;
const THEMES = { light: {}, dark: { colorScheme: 'dark' }, forced: { forcedColors: 'active' } } as const;
const PARTS = ['chat', 'clock', 'stack', 'wire', 'setup'];

const executablePath = browserPath();
if (executablePath === null) throw new Error('There is no chromium: install it, or name it by CHROMIUM_PATH.');
const [folder] = process.argv.slice(2);
await using lab = await startLab();
const browser = await chromium.launch({ executablePath, args: BROWSER_ARGS });
if (folder === undefined) await shootReadme(lab, browser);
else await shootAll(lab, browser, folder);
await browser.close();

async function shootReadme(of: Lab, by: Browser): Promise<void> {
  const page = await openedPage(of, by, 'wide', 'light');
  await converse(page);
  await page.screenshot({ path: README_SHOT });
  process.stdout.write(`${README_SHOT}\n`);
}

async function shootAll(of: Lab, by: Browser, into: string): Promise<void> {
  await mkdir(into, { recursive: true });
  for (const size of Object.keys(SIZES) as (keyof typeof SIZES)[]) {
    for (const theme of Object.keys(THEMES) as (keyof typeof THEMES)[]) {
      const page = await openedPage(of, by, size, theme);
      const shoot = async (name: string): Promise<void> => {
        await page.screenshot({ path: join(into, `${size}-${theme}-${name}.png`) });
      };
      await shootStates(page, shoot);
      await shootViews(page, shoot, size === 'wide' ? [] : PARTS);
      await page.context().close();
    }
  }
}

/** The states of the chat: idle, streaming, done, failed, waiting for consent, with a dialog over it, and edited. */
async function shootStates(page: Page, shoot: (name: string) => Promise<void>): Promise<void> {
  await shoot('idle');
  await converse(page);
  await shoot('failed');
  await show(page, 'chat');
  await page.getByTestId('question').fill('Write a report about Python.');
  await page.getByTestId('question').press('Enter');
  await page.locator('[data-state=streaming]').waitFor();
  await page
    .getByTestId('answer')
    .last()
    .filter({ hasText: /[^]{200}/ })
    .waitFor();
  await shoot('chat-streaming');
  await page.locator('[data-state=streaming]').waitFor({ state: 'detached' });
  await shoot('chat-done');
  await page.getByTestId('question').fill('Before you call a tool, say so. Send a postcard to Rome.');
  await page.getByTestId('question').press('Enter');
  await page.getByTestId('consent').waitFor();
  await shoot('chat-approval');
  await page.getByTestId('edit').last().click();
  await shoot('chat-edited');
  await show(page, 'lab');
  await page.getByTestId('conversations').dispatchEvent('click');
  await page.getByTestId('open').last().waitFor();
  await shoot('dialog');
  await page.keyboard.press('Escape');
}

async function shootViews(page: Page, shoot: (name: string) => Promise<void>, parts: readonly string[]): Promise<void> {
  for (const part of parts) {
    await page.getByTestId(`part-${part}`).click();
    await shoot(part);
  }
  await show(page, 'grid');
  await page.getByTestId('prove').click();
  await page.getByTestId('column-fact').waitFor();
  await shoot('grid');
  await show(page, 'twin');
  await shoot('twin-idle');
  await page.getByTestId('twin-run').click();
  await page.getByTestId('twin-said').filter({ hasText: 'times as long' }).waitFor();
  await shoot('twin');
  await show(page, 'break');
  await page.getByTestId('break-stall').click();
  await page.getByTestId('outcome').waitFor();
  await shoot('break');
  await show(page, 'bill');
  await shoot('bill');
}

function show(page: Page, view: string): Promise<void> {
  return page.getByTestId(`view-${view}`).click();
}

async function openedPage(of: Lab, by: Browser, size: keyof typeof SIZES, theme: keyof typeof THEMES): Promise<Page> {
  const [width, height] = SIZES[size];
  const context = await by.newContext({ viewport: { width, height }, ...THEMES[theme] });
  const page = await context.newPage();
  await page.goto(of.address);
  await page.getByTestId('question').waitFor();
  return page;
}

/** A conversation that has something of everything: each mode, a tool, and a fault. */
async function converse(page: Page): Promise<void> {
  await ask(page, 'What is Python?');
  await ask(page, 'How old is it?');
  await choose(page, 'full');
  await ask(page, 'What is the weather in Paris?');
  await choose(page, 'background');
  await ask(page, 'What is Rust?');
  await choose(page, 'streaming');
  await page.locator('#fault').evaluate((select: HTMLSelectElement) => {
    select.value = 'stall';
    select.dispatchEvent(new Event('change', { bubbles: true }));
  });
  await ask(page, 'What is Java?');
}

async function choose(page: Page, mode: string): Promise<void> {
  await page.locator(`input[name=mode][value=${mode}]`).dispatchEvent('click');
}

async function ask(page: Page, question: string): Promise<void> {
  const turns = page.getByTestId('turn');
  const before = await turns.count();
  await page.getByTestId('question').fill(question);
  await page.getByTestId('send').click();
  await page
    .locator('[data-testid=turn]')
    .nth(before)
    .and(page.locator('[data-state=done], [data-state=failed]'))
    .waitFor();
}
