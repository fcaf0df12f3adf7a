// The page as the person before it sees it: a field, answers, notes and buttons.
import type { Locator, Page } from 'playwright-core';
import { type Rig, TOKEN } from '../app-rig.ts';
import { complaintsOf, openPage } from './browser-rig.ts';

export interface View {
  readonly field: Locator;
  readonly texts: Locator;
  ask(question: string): Promise<void>;
  answer(text?: string | RegExp): Locator;
  note(text: string): Locator;
  badge(text: string): Locator;
  button(name: string): Locator;
  /** The answer that is being given has ended. */
  done(): Promise<void>;
}

export interface Visit {
  readonly page: Page;
  readonly view: View;
  readonly complaints: readonly string[];
}

/** Opens the page as the address that the server prints does. Visits of one test see what the others have stored. */
export async function visit(rig: Rig): Promise<Visit> {
  const page = await openPage();
  const complaints = complaintsOf(page);
  await page.goto(`${rig.url}/#token=${TOKEN}`);
  return { page, view: viewOf(page), complaints };
}

export function viewOf(page: Page): View {
  const field = page.getByLabel('Your question');
  const button = (name: string): Locator => page.getByRole('button', { name, exact: true });
  return {
    field,
    texts: page.locator('.message .text'),
    button,
    async ask(question) {
      await field.fill(question);
      await button('Send').click();
    },
    answer: (hasText = '') => page.locator('.assistant .text', { hasText }),
    note: (hasText) => page.locator('.assistant .note', { hasText }),
    badge: (text) => page.locator('#badge').filter({ hasText: new RegExp(`^${text}$`) }),
    done: () => page.getByRole('status').filter({ hasText: 'Answer complete' }).waitFor({ state: 'attached' }),
  };
}
