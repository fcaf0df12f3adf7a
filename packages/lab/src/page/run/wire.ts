// The wire of a run, watched on its way: the client reads the same bytes, and each frame is recorded as it arrives.
import { takeFact } from './facts.ts';
import type { Run } from './run.ts';

const FACTS: ReadonlySet<string> = new Set(['request', 'arguments', 'guard', 'stored', 'claim']);

/** A `fetch` for one run: it says which turn this is, and hears what comes back. */
export function watchedFetch(run: Run, changed: () => void): typeof fetch {
  const { fault, api, model } = run.settings;
  const bug = new URLSearchParams(location.search).get('bug') ?? '';
  return async (input, init = {}) => {
    const headers = new Headers(init.headers);
    headers.set('x-lab-turn', [run.id, fault, api, model, bug].join(' ').trim());
    const response = await fetch(input, { ...init, headers });
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
    if (!isStream || response.body === null) return response;
    if (run.state === 'sent') run.state = 'waiting';
    changed();
    return new Response(response.body.pipeThrough(frameWatch(run, changed)), response);
  };
}

function frameWatch(run: Run, changed: () => void): TransformStream<Uint8Array, Uint8Array> {
  const decoder = new TextDecoder();
  let rest = '';
  return new TransformStream({
    transform(bytes, controller) {
      const frames = (rest + decoder.decode(bytes, { stream: true })).split('\n\n');
      rest = frames.pop() ?? '';
      for (const text of frames) takeFrame(run, text);
      changed();
      controller.enqueue(bytes);
    },
  });
}

function takeFrame(run: Run, text: string): void {
  const event = /^event: (.*)$/m.exec(text)?.[1] ?? 'comment';
  const frame = run.addFrame(event, `${text}\n\n`);
  const data = /^data: (.*)$/m.exec(text)?.[1];
  const payload = data === undefined ? {} : (JSON.parse(data) as Record<string, unknown>);
  const serverAtMs = typeof payload['atMs'] === 'number' ? run.fromServer(payload['atMs']) : null;
  if (event === 'update') {
    run.firstMs ??= frame.atMs;
    run.ticks.push({ atMs: frame.atMs, serverAtMs, frame: frame.number });
  }
  if (FACTS.has(event)) takeFact(run, { ...payload, type: event, atMs: Number(payload['atMs']) });
}
