// The streamed tasks that are being answered in this process: the only place where an unfinished one can be found.
import type { AnswerStream } from '../../sse/answer-events.ts';
import type { StreamProtocol } from '../../turn/stream-turn.ts';
import { answered } from './outcome.ts';
import type { TaskView } from './task-view.ts';
import type { Task } from './wire.ts';

export interface LiveTask {
  readonly owner: string;
  readonly view: TaskView;
  /** Stops the answer. Resolves when the turn is stored; rejects when the answer has failed. */
  cancel(): Promise<Task>;
}

export class LiveTasks {
  readonly #tasks = new Map<string, LiveTask>();

  /** Null when there is none, or it belongs to another owner. */
  of(owner: string, id: string): LiveTask | null {
    const task = this.#tasks.get(id);
    return task?.owner === owner ? task : null;
  }

  /** The protocol, with the task to be found while its frames are sent. */
  during({ owner, view }: Pick<LiveTask, 'owner' | 'view'>, protocol: StreamProtocol): StreamProtocol {
    const tasks = this.#tasks;
    return {
      ...protocol,
      async send(stream, write) {
        tasks.set(view.id, { owner, view, cancel: () => cancel(stream, view) });
        try {
          await protocol.send(stream, write);
        } finally {
          tasks.delete(view.id);
        }
      },
    };
  }
}

async function cancel(stream: AnswerStream, view: TaskView): Promise<Task> {
  await stream.cancel();
  view.set(answered(await stream.finalResponse()));
  return view.task();
}
