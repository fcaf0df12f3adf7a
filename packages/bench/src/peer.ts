// What every peer can do, in its own way: hold conversations, streamed or not.

export type PeerName = 'fetch' | 'openai' | 'turnstream' | 'ai' | 'openai-agents' | 'langgraph';

/** Called with every piece of text; false stops the stream. */
export type OnText = (text: string) => boolean;

/** Conversations with one model. What was answered is part of the session's next request. */
export interface Chat<Session = unknown> {
  /** What is kept of a conversation between its turns, and nothing else: its size is measured. */
  createSession(): Session;
  /** Asks and reads the streamed answer. Resolves with the text that was seen. */
  stream(session: Session, question: string, onText: OnText): Promise<string>;
  /** The same with a tool on offer: runs what the model calls, until it answers. */
  streamWithTools(session: Session, question: string, onText: OnText): Promise<string>;
  /** Asks and waits for the whole answer. Resolves with its text. */
  ask(session: Session, question: string): Promise<string>;
  /** The same in the background: starts the run, looks twice, stores and resumes it. Left out where the API has no such mode. */
  inBackground?(session: Session, question: string): Promise<string>;
}

export type Peer = (baseURL: string) => Chat;

export const MODEL = 'gpt-4.1';
export const INSTRUCTIONS = 'You are a concise assistant.';
