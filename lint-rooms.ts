// Which rooms of a package may import which: the arrows of the folder tree, type imports included.

/** Room or top-level file -> the rooms and top-level files it may import. Doors (`index.ts`, `seams.ts`) may import everything, and nothing may import a door. */
type Rooms = Readonly<Record<string, readonly string[]>>;

const coreBase = ['message', 'errors', 'checked', 'timers', 'backoff', 'leavable'] as const;
const coreParts = [...coreBase, 'session', 'history', 'model', 'tools'] as const;

export const ROOMS: Readonly<Record<string, Rooms>> = {
  core: {
    message: [],
    errors: ['message'],
    timers: [],
    backoff: ['timers'],
    leavable: [],
    'retry-after': [],
    service: ['message', 'errors', 'model'],
    checked: ['message', 'errors'],
    session: coreBase,
    history: [...coreBase, 'session'],
    model: coreBase,
    tools: [...coreBase, 'session', 'model'],
    middleware: coreParts,
    run: [...coreParts, 'middleware'],
    background: [...coreParts, 'middleware', 'run'],
    'agent-options': [...coreParts, 'middleware', 'run'],
    agent: [...coreParts, 'middleware', 'run', 'background', 'agent-options'],
  },
  openai: {
    transport: [],
    conversation: [],
    service: ['transport', 'conversation'],
    request: ['service'],
    call: ['service'],
    'chat-completions': ['conversation', 'service', 'request', 'call'],
    responses: ['conversation', 'service', 'request', 'call'],
    webhook: ['service'],
  },
  'ai-sdk': {
    opaque: [],
    parameters: [],
    'provider-error': [],
    answer: ['opaque', 'provider-error'],
    prompt: ['opaque', 'parameters'],
    call: ['provider-error', 'answer'],
    client: ['parameters', 'provider-error', 'answer', 'prompt', 'call'],
  },
  testkit: {
    request: [],
    script: ['request'],
    wire: ['request', 'script'],
    model: ['request', 'script', 'wire'],
    demo: ['request', 'script', 'wire', 'model'],
    contracts: ['request', 'script', 'model', 'matchers'],
    matchers: ['request'],
  },
  server: {
    events: [],
    client: ['events'],
    page: ['events', 'client'],
    store: ['events'],
    sse: ['events'],
    http: ['events', 'store'],
    callback: ['store'],
    options: ['http', 'store', 'callback', 'sse'],
    inspect: ['events', 'http', 'sse', 'store'],
    turn: ['events', 'store', 'http', 'options', 'sse', 'inspect'],
    worker: ['events', 'store', 'callback', 'options', 'turn'],
    routes: ['events', 'store', 'http', 'sse', 'turn', 'callback', 'options', 'inspect'],
    protocols: ['events', 'store', 'http', 'sse', 'turn', 'options'],
    plugin: ['http', 'inspect', 'options', 'page', 'protocols', 'routes', 'turn', 'worker'],
    app: ['http', 'options', 'plugin'],
  },
};

interface RoomRule {
  readonly files: string[];
  readonly pattern: { readonly regex: string; readonly message: string };
}

/** One rule for each room: the files in it, and a pattern that matches every import it may not make. */
export function roomRules(packageName: string): readonly RoomRule[] {
  const rooms = ROOMS[packageName] ?? {};
  return Object.entries(rooms).map(([room, allowed]) => {
    const forbidden = Object.keys(rooms).filter((other) => other !== room && !allowed.includes(other));
    return {
      files: [`packages/${packageName}/src/${room}/**`, `packages/${packageName}/src/${room}.ts`],
      pattern: {
        regex: String.raw`^(?:\./|(?:\.\./)+)(?:${forbidden.join('|')}|index|seams)(?:/|\.ts$)`,
        message: `${packageName}/${room} imports only: ${allowed.join(', ') || 'nothing of its package'}. See lint-rooms.ts.`,
      },
    };
  });
}
