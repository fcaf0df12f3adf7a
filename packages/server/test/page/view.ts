// The page as the person before it sees it: a field, answers, notes and buttons.
import type { Locator, Page } from 'playwright-core';
import { type Rig, TOKEN } from '../app-rig.ts';
import { complaintsOf, openPage } from './browser-rig.ts';

export interface View {
  readonly field: Locator;
  /** The questions and the answers, oldest first. */
  readonly texts: Locator;
  ask(question: string): Promise<void>;
  askInBackground(question: string): Promise<void>;
  /** Leaves the conversation; returns once its turns are gone from the page. */
  newChat(): Promise<void>;
  answer(text?: string | RegExp): Locator;
  note(text: string): Locator;
  button(name: string): Locator;
  find(testId: string): Locator;
  /** The latest answer has ended. */
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
  const field = page.getByLabel('Your question', { exact: true });
  const button = (name: string): Locator => page.getByRole('button', { name, exact: true });
  const find = (testId: string): Locator => page.getByTestId(testId);
  return {
    field,
    texts: page.locator('[data-testid=asked], [data-testid=answer]'),
    button,
    find,
    async ask(question) {
      const before = await find('turn').count();
      await field.fill(question);
      await button('Send').click();
      await find('turn').nth(before).waitFor({ state: 'attached' });
    },
    async askInBackground(question) {
      await field.fill(question);
      await button('In the background').click();
    },
    async newChat() {
      await button('New chat').click();
      await find('turn').first().waitFor({ state: 'detached' });
    },
    answer: (hasText = '') => page.getByTestId('answer').filter({ hasText }),
    note: (hasText) => page.getByTestId('note').filter({ hasText }),
    done: () => find('turn').last().and(page.locator('[data-state=done]')).waitFor(),
  };
}
