// The page: a frame with the views in it, over one lab.
import { Announcer, count, h, refusal, setText, themeSelect } from '@turnstream/server/chat';
import { type About, about } from './connection.ts';
import { listenToKeys, showKeys } from './frame/keys.ts';
import { Views } from './frame/views.ts';
import { Lab } from './lab.ts';
import { BillView } from './views/bill-view.ts';
import { BreakView } from './views/break-view.ts';
import { GridView } from './views/grid-view.ts';
import { labView } from './views/lab-view.ts';
import { TwinView } from './views/twin-view.ts';

try {
  open(new Lab(), await about());
} catch (error) {
  document.body.append(refusal(error, 'lab'));
}

// The lab was restarted, and its new address was pasted into this tab.
addEventListener('hashchange', () => location.reload());

function open(lab: Lab, facts: About): void {
  const { element, parts } = labView(lab, facts);
  const views = new Views(lab, [
    { name: 'lab', title: 'Lab', element },
    { name: 'chat', title: 'Chat', element },
    { name: 'grid', title: 'Grid', element: new GridView(lab).element },
    { name: 'twin', title: 'Twin run', element: new TwinView(lab).element },
    { name: 'break', title: 'Break it', element: new BreakView(lab).element },
    { name: 'bill', title: 'Bill', element: new BillView(lab).element },
  ]);
  listenToKeys(lab, (name) => {
    views.show('lab');
    parts.show(name);
    document.getElementById(`${name}-title`)?.focus();
  });
  const help = h(
    'button',
    { type: 'button', class: 'quiet', 'aria-label': 'Keys', 'data-testid': 'help', onClick: showKeys },
    '?',
  );
  document.body.append(
    h(
      'header',
      { class: 'top' },
      h('h1', {}, 'Lab', h('span', { class: 'long' }, ': streaming and sessions')),
      views.nav,
      newsButton(lab),
      themeSelect(),
      help,
    ),
    h('main', {}, ...views.elements),
    parts.bar,
    new Announcer(lab.chat).element,
  );
  lab.changed();
  void lab.resume();
  document.getElementById('question')?.focus();
}

/** Announces an answer that arrived while the reader was elsewhere. */
function newsButton(lab: Lab): HTMLElement {
  const button = h('button', {
    type: 'button',
    class: 'news',
    'data-testid': 'badge',
    onClick: () => lab.lookAtNews(),
  });
  lab.onChange(() => {
    button.hidden = lab.news.length === 0;
    setText(button, count(lab.news.length, 'new result'));
  });
  return h('span', { 'aria-live': 'polite' }, button);
}
