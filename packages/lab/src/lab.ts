// The lab as one process on loopback: a page, the real server behind it, and a model you can break.
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { AgentError, type ChatClient, type Limits } from '@turnstream/core';
import { LabClient } from './model/client.ts';
import { type LabModel, type LabModelOptions, startLabModel } from './model/demo.ts';
import { MAX_MESSAGE_CHARS } from './process/agent-app.ts';
import { type Control, openFront } from './process/front.ts';
import { readPage } from './process/page.ts';
import { Supervisor } from './process/supervisor.ts';

export interface LabOptions extends LabModelOptions {
  /** Any free port by default. */
  readonly port?: number;
  /** An additional model to choose, with its name. */
  readonly live?: { readonly client: ChatClient; readonly name: string } | null;
  readonly guards?: Limits;
  /** A killed or restarted server stays down until this resolves, 700 ms by default. */
  readonly away?: () => Promise<unknown>;
}

export interface Lab extends AsyncDisposable {
  /** With the token that the page needs. */
  readonly address: string;
  readonly url: string;
  readonly token: string;
}

/** Short enough to watch a guard catch a fault. */
export const LAB_GUARDS: Limits = { firstUpdateMs: 1_500, idleMs: 1_500, totalMs: 30_000, maxBytes: 200_000 };

const INSTRUCTIONS = 'You answer briefly.';

/** Starts it on 127.0.0.1. Rejects with `config_invalid` when it cannot listen on the port. */
export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const { port = 0, live = null, guards = {}, away = () => sleep(700) } = options;
  await using opened = new AsyncDisposableStack();
  const demo = opened.use(await startLabModel(options));
  const database = opened.use(new DatabaseSync(':memory:'));
  const token = crypto.randomUUID();
  const client = new LabClient({ demo, live: live?.client ?? null });
  const supervisor = opened.use(
    await Supervisor.start({
      client,
      database,
      token,
      instructions: INSTRUCTIONS,
      guards: { ...LAB_GUARDS, ...guards },
      away,
    }),
  );
  const controls = controlsOf(supervisor, demo, live?.name ?? null);
  const front = openFront({ page: await readPage(), token, app: () => supervisor.app, controls });
  opened.defer(async () => {
    front.http.closeAllConnections();
    front.http.close();
    await once(front.http, 'close');
  });
  await listen(front.http, port);
  supervisor.onAway = () => front.breakServed();
  const url = `http://127.0.0.1:${(front.http.address() as AddressInfo).port}`;
  const kept = opened.move();
  return { url, token, address: `${url}/#token=${token}`, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

/** The page's requests to the lab process itself. */
function controlsOf(supervisor: Supervisor, demo: LabModel, live: string | null): Readonly<Record<string, Control>> {
  return {
    'GET /lab/about': () => ({
      live,
      instructions: supervisor.instructions,
      guards: supervisor.guards,
      maxMessageChars: MAX_MESSAGE_CHARS,
    }),
    'GET /lab/model': ({ query }) => ({ calls: demo.seen(query.get('turn') ?? '') }),
    'POST /lab/instructions': ({ body }) => supervisor.instruct(body),
    'POST /lab/restart': () => supervisor.restart('stop'),
    'POST /lab/crash': () => supervisor.restart('kill'),
  };
}

async function listen(http: Server, port: number): Promise<void> {
  try {
    http.listen(port, '127.0.0.1');
    await once(http, 'listening');
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code;
    throw new AgentError('config_invalid', `Cannot listen on port ${port} (${reason}). Choose another one.`, { cause });
  }
}
