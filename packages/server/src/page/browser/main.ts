// The page of the server: a chat with its agent, streamed or in the background.
import { ask, type Connection } from '../../client/index.ts';
import { Watcher } from './background.ts';
import { Chat } from './chat/chat.ts';
import { ChatView } from './chat/chat-view.ts';
import { Sidebar } from './chat/sidebar.ts';
import { openConnection } from './connection.ts';
import { h } from './dom.ts';
import { Announcer } from './frame/announcer.ts';
import { refusal } from './frame/refusal.ts';
import { ChatRun, type RunSettings } from './run/run.ts';
import { streamAnswer } from './run/stream.ts';

const HINT = 'Ask something. The next question can refer back to it.';
const KEYS = 'Enter sends, Shift + Enter begins a new line, Esc stops.';

const connection = openConnection();
// The server was started again, and its new address pasted into this tab.
addEventListener('hashchange', () => location.reload());

try {
  await ask(connection, '/sessions?limit=1');
  await open(chatOn(connection));
} catch (error) {
  document.body.append(refusal(error, 'server'));
}

function chatOn(to: Connection): Chat {
  const watcher = new Watcher(to);
  const chat: Chat = new Chat({
    connection: to,
    settings: () => ({ mode: 'streaming' }),
    make: (question: string, settings: RunSettings, id?: string) => new ChatRun(question, settings, id),
    perform: (run, sessionId) =>
      ended(run, (changed) =>
        run.settings.mode === 'background'
          ? watcher.begin(run, sessionId, changed)
          : streamAnswer(run, to, sessionId === null ? {} : { sessionId }, changed),
      ),
    goOn: (run) => ended(run, (changed) => watcher.follow(run, changed)),
    left() {},
  });
  const ended = async (run: ChatRun, work: (changed: () => void) => Promise<void>): Promise<void> => {
    try {
      await work(() => chat.changedIn(run));
    } catch (error) {
      run.fail(error);
    }
    chat.changedIn(run);
  };
  return chat;
}

async function open(chat: Chat): Promise<void> {
  const maxMessageChars = Number(document.documentElement.dataset['maxMessageChars']);
  const view = new ChatView(chat, {
    hint: HINT,
    below: h('p', { class: 'how shortcuts' }, KEYS),
    modelOf: () => null,
    maxMessageChars,
    hasBackground: true,
  });
  document.body.append(
    h(
      'main',
      { class: 'chats' },
      h('h1', { class: 'unseen' }, document.title),
      new Sidebar(chat).element,
      view.element,
    ),
    new Announcer(chat).element,
  );
  document.addEventListener('keydown', ({ key, isComposing }) => {
    if (key === 'Escape' && !isComposing && document.querySelector('dialog[open]') === null) void chat.stop();
  });
  document.getElementById('question')?.focus();
  await chat.restore();
}
