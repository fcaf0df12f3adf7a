// Calls that wait for approval, as somebody is asked about them: what would be called, with what, and two buttons.
/// <reference lib="dom" />
import { type ApprovalAnswer, answerTo, type PendingApproval } from '../client/index.ts';

/** The buttons rest while the decision, which is about all the calls, is under way. */
export function approvalForm(
  approvals: readonly PendingApproval[],
  decide: (answers: readonly ApprovalAnswer[]) => Promise<void>,
): HTMLElement {
  const form = document.createElement('section');
  form.className = 'ask';
  form.ariaLabel = 'Waits for approval';
  for (const { name, arguments: args } of approvals) form.append(withText('strong', name), withText('pre', args));
  const buttons = [
    ['Approve', true],
    ['Reject', false],
  ] as const;
  for (const [label, approved] of buttons) {
    const button = withText('button', label);
    button.type = 'button';
    button.addEventListener('click', () => {
      const all = [...form.querySelectorAll('button')];
      for (const each of all) each.disabled = true;
      const answers = approvals.map((each) => answerTo(each, approved));
      void decide(answers).finally(() => all.forEach((each) => (each.disabled = false)));
    });
    form.append(button);
  }
  return form;
}

function withText<Tag extends 'strong' | 'pre' | 'button'>(tag: Tag, text: string): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  element.append(visible(text));
  return element;
}

/** What cannot be seen, or turns the letters around it, could hide what is approved. */
function visible(text: string): string {
  return text.replace(/(?![\n\t])[\p{C}\p{Zl}\p{Zp}]/gu, (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`);
}
