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
const THEMES = ['light', 'dark'] as const;
const VIEWS = ['grid', 'twin', 'break', 'bill'];
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
    for (const theme of THEMES) {
      const page = await openedPage(of, by, size, theme);
      const shoot = (name: string): Promise<Buffer> =>
        page.screenshot({ path: join(into, `${size}-${theme}-${name}.png`) });
      await converse(page);
      for (const part of size === 'wide' ? [] : PARTS) {
        await page.getByTestId(`part-${part}`).click();
        await shoot(part);
      }
      if (size === 'wide') await shoot('lab');
      for (const view of VIEWS) {
        await page.getByTestId(`view-${view}`).click();
        await shoot(view);
      }
      await page.context().close();
    }
  }
}

async function openedPage(of: Lab, by: Browser, size: keyof typeof SIZES, theme: 'light' | 'dark'): Promise<Page> {
  const [width, height] = SIZES[size];
  const context = await by.newContext({ viewport: { width, height }, colorScheme: theme });
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
    select.dispatchEvent(new Event('change'));
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
