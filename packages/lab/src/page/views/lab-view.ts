// The lab itself: settings, chat, and the three instruments beside it.
import { ChatView } from '../chat/chat-view.ts';
import { Sidebar } from '../chat/sidebar.ts';
import type { About } from '../connection.ts';
import { h } from '../dom.ts';
import { Setup } from '../frame/setup.ts';
import { Parts } from '../frame/views.ts';
import { Clock, clockTable } from '../instruments/clock.ts';
import { panel } from '../instruments/panel.ts';
import { Stack, stackTable } from '../instruments/stack.ts';
import { WireView, wireTable } from '../instruments/wire-view.ts';
import type { Lab } from '../lab.ts';

export interface LabView {
  readonly element: HTMLElement;
  readonly parts: Parts;
}

const CLOCK = 'When bytes came: ○ at the server, | on the page.';
const STACK = 'What went in. Outlined: new. Bottom: the agent.';
const WIRE = 'The frames as they came. Each leads to its tick.';

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
    { class: 'lab' },
    new Sidebar(lab).element,
    new Setup(lab, facts).element,
    new ChatView(lab, facts).element,
    instruments,
  );
  return { element, parts: new Parts(lab, element) };
}
