// The page: a frame with the views in it, over one lab.
import { type About, about } from './connection.ts';
import { h } from './dom.ts';
import { Announcer } from './frame/announcer.ts';
import { listenToKeys, showKeys } from './frame/keys.ts';
import { applyTheme, themeSelect } from './frame/theme.ts';
import { Views } from './frame/views.ts';
import { Lab } from './lab.ts';
import { labView } from './views/lab-view.ts';

applyTheme();
try {
  open(new Lab(), await about());
} catch (error) {
  document.body.append(
    h('main', { class: 'refused' }, h('h1', {}, 'The lab'), h('p', { role: 'alert' }, whyNot(error))),
  );
}

function open(lab: Lab, facts: About): void {
  const { element, parts } = labView(lab, facts);
  const views = new Views([{ name: 'lab', title: 'Lab', element }]);
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
    h('header', { class: 'top' }, h('h1', {}, 'Streaming and sessions lab'), views.nav, themeSelect(), help),
    h('main', {}, element),
    parts.bar,
    new Announcer(lab).element,
  );
  lab.changed();
  document.getElementById('question')?.focus();
}

function whyNot(error: unknown): string {
  const isRefused = error instanceof Error && 'status' in error && error.status === 401;
  if (isRefused)
    return 'This tab has no valid token. Open the address that the lab printed when it started; each start has a new one.';
  return error instanceof Error ? error.message : 'The lab could not be opened.';
}
