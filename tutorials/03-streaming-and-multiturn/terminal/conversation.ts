// One chat by hand, whoever types it: takes lines, answers questions on its session, obeys commands.
import { errorLine } from '@turnstream/config';
import { type Agent, AgentError, type AgentSession } from '@turnstream/core';
import { streamAnswer } from '../chat.ts';
import type { Screen } from './screen.ts';

const HELP = `/new      forget the conversation and start another
/session  show which conversation this is
/quit     leave (as do an empty line and Ctrl-D)
Ctrl-C    stop an answer; at the prompt clear the line, twice leave
`;

export class Conversation {
  readonly #agent: Agent;
  readonly #screen: Screen;
  /** Stands before each answer on the error output; '' for none. */
  readonly #label: string;
  #session: AgentSession;
  #turns = 0;
  #failed = false;
  #answering: AbortController | null = null;

  constructor(agent: Agent, screen: Screen, label: string) {
    this.#agent = agent;
    this.#screen = screen;
    this.#label = label;
    this.#session = agent.createSession();
  }

  /** 1 when the last turn failed, else 0. */
  get exitCode(): number {
    return this.#failed ? 1 : 0;
  }

  /** Stops the answer under way and closes the model connection. False when there is none. */
  stop(): boolean {
    this.#answering?.abort();
    return this.#answering !== null;
  }

  /** A question or a command. Resolves with false when it was the wish to leave. */
  async take(line: string): Promise<boolean> {
    const text = line.trim();
    if (text === '' || text === '/quit') return false;
    if (text === '/new') this.#startAnew();
    else if (text === '/session') this.#say(`session ${this.#session.sessionId}, ${this.#turns} turns stored\n`);
    else if (text === '/help') this.#say(HELP);
    else if (/^\/[a-z]+$/.test(text)) this.#say(`Unknown command ${text}; /help lists them\n`);
    else await this.#answer(text);
    return true;
  }

  async #answer(question: string): Promise<void> {
    const answering = new AbortController();
    this.#answering = answering;
    this.#failed = false;
    this.#say(this.#label);
    try {
      await streamAnswer(this.#agent, question, this.#session, { screen: this.#screen, signal: answering.signal });
      this.#turns += 1;
    } catch (error) {
      if (answering.signal.aborted) this.#say('[stopped, not stored]\n');
      else if (error instanceof AgentError) this.#fail(error);
      else throw error;
    } finally {
      this.#answering = null;
    }
  }

  #fail(error: AgentError): void {
    this.#failed = true;
    this.#say(`${errorLine(error)}\n`);
  }

  #startAnew(): void {
    this.#session = this.#agent.createSession();
    this.#turns = 0;
    this.#say(`session ${this.#session.sessionId}\n`);
  }

  #say(text: string): void {
    this.#screen.errorOutput.write(text);
  }
}
