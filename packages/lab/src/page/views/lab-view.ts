// The lab itself: settings, chat, and the three instruments beside it.
import { ChatView, h, Sidebar, setText } from '@turnstream/server/chat';
import type { About } from '../connection.ts';
import { FAULT_NAMES } from '../faults.ts';
import { Setup } from '../frame/setup.ts';
import { Parts } from '../frame/views.ts';
import { Clock, clockTable } from '../instruments/clock.ts';
import { panel } from '../instruments/panel.ts';
import { Stack, stackTable } from '../instruments/stack.ts';
import { WireView, wireTable } from '../instruments/wire-view.ts';
import type { Lab } from '../lab.ts';
import { MODE_NAMES, SESSION_NAMES, type Settings } from '../settings.ts';

export interface LabView {
  readonly element: HTMLElement;
  readonly parts: Parts;
}

const HINT = 'Ask something: the model sees what its session holds, and nothing else.';
const CLOCK = 'When bytes arrived.';
const STACK = 'What went in. Outlined: new.';
const WIRE = 'What was sent. Each frame leads to its tick.';

export function labView(lab: Lab, facts: About): LabView {
  const instruments = h(
    'div',
    { class: 'instruments' },
    panel({ id: 'clock', title: 'Clock', hint: CLOCK, aside: clockTable(lab) }, new Clock(lab, 'lab').element),
    panel({ id: 'stack', title: 'Stack', hint: STACK, aside: stackTable(lab) }, new Stack(lab).element),
    panel({ id: 'wire', title: 'Wire', hint: WIRE, aside: wireTable(lab) }, new WireView(lab).element),
  );
  const element = h(
    'div',
    { class: 'lab chats' },
    new Sidebar(lab.chat).element,
    new Setup(lab, facts).element,
    chatView(lab, facts),
    instruments,
  );
  return { element, parts: new Parts(lab, element) };
}

function chatView(lab: Lab, { live, maxMessageChars }: About): HTMLElement {
  const models: Readonly<Record<Settings['model'], string>> = { demo: 'Demo model', live: live ?? 'Live model' };
  const below = h('p', { class: 'how', 'data-testid': 'how' });
  lab.onChange(() => setText(below, whatIsSet(lab.settings, models)));
  const modelOf = ({ settings }: { settings: Settings }): string => models[settings.model];
  return new ChatView(lab.chat, { hint: HINT, below, modelOf, maxMessageChars }).element;
}

/** What is set for the next question. */
function whatIsSet({ mode, session, model, fault }: Settings, models: Readonly<Record<string, string>>): string {
  const set = [MODE_NAMES[mode], `session: ${SESSION_NAMES[session].toLowerCase()}`, models[model]];
  return [...set, ...(fault === 'none' ? [] : [FAULT_NAMES[fault] ?? fault])].join(' · ');
}
