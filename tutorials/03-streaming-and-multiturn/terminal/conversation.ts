// One chat, independent of its input: takes lines, answers questions on its session, runs commands.
import { errorLine } from '@turnstream/config';
import { type Agent, AgentError, type AgentSession } from '@turnstream/core';
import { streamAnswer } from '../chat.ts';
import type { Screen } from './screen.ts';

const HELP = `/new      forget the conversation and start another
/session  show which conversation this is
/quit     leave (exit and Ctrl-D do too)
Ctrl-C    stop an answer; at the prompt clear the line, or leave if pressed twice
`;

const LEAVING: ReadonlySet<string> = new Set(['/quit', '/exit', '/bye', 'quit', 'exit']);

export interface ConversationOptions {
  /** Written to the error output before each answer; '' for nothing. */
  readonly label: string;
  readonly leavesAtEmptyLine: boolean;
}

export class Conversation {
  readonly #agent: Agent;
  readonly #screen: Screen;
  readonly #options: ConversationOptions;
  #session: AgentSession;
  #turns = 0;
  #hasFailed = false;
  #answering: AbortController | null = null;

  constructor(agent: Agent, screen: Screen, options: ConversationOptions) {
    this.#agent = agent;
    this.#screen = screen;
    this.#options = options;
    this.#session = agent.createSession();
  }

  /** Whether the last turn failed. */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** Stops the answer in progress, if any, and closes the model connection. */
  stop(): void {
    this.#answering?.abort();
  }

  /** Handles a question or a command. Resolves with false for one that leaves. */
  async take(line: string): Promise<boolean> {
    const text = line.trim();
    if (text === '') return !this.#options.leavesAtEmptyLine;
    if (LEAVING.has(text)) return false;
    if (text === '/new') this.#startAnew();
    else if (text === '/session') this.#say(`session ${this.#session.sessionId}, ${this.#turns} turns stored\n`);
    else if (text === '/help' || text === 'help') this.#say(HELP);
    else if (/^\/[a-z]+$/.test(text)) this.#say(`Unknown command ${text}; /help lists them\n`);
    else await this.#answer(text);
    return true;
  }

  async #answer(question: string): Promise<void> {
    const answering = new AbortController();
    this.#answering = answering;
    this.#hasFailed = false;
    this.#say(this.#options.label);
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
    this.#hasFailed = true;
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
