// The page: a frame with the views in it, over one lab.
import { type About, about } from './connection.ts';
import { count, errorWords, h } from './dom.ts';
import { Announcer } from './frame/announcer.ts';
import { listenToKeys, showKeys } from './frame/keys.ts';
import { themeSelect } from './frame/theme.ts';
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
  document.body.append(refusal(error));
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
    new Announcer(lab).element,
  );
  lab.resume();
  lab.changed();
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
    button.textContent = count(lab.news.length, 'new result');
  });
  return h('span', { 'aria-live': 'polite' }, button);
}

function refusal(error: unknown): HTMLElement {
  const isRefused = error instanceof Error && 'status' in error && error.status === 401;
  const words = isRefused
    ? [
        h(
          'p',
          { role: 'alert' },
          'This tab has no valid token. Open the address that the lab printed when it started:',
        ),
        h('p', {}, h('code', {}, `${location.origin}/#token=…`)),
        h('p', {}, 'It is in the terminal, with a token in place of the dots. Each start has a new one.'),
      ]
    : [h('p', { role: 'alert' }, errorWords(error))];
  return h('main', { class: 'refused' }, h('h1', {}, 'The lab'), ...words);
}
