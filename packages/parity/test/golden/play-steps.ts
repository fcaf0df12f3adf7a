// Performs a trace's steps with this library's API and writes down what was seen, as the recorder did.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import {
  Agent,
  AgentError,
  type AgentInput,
  AgentSession,
  type BackgroundRun,
  type ChatClient,
  type HistoryProvider,
  type Message,
  type ResponseStream,
  type Role,
  type Tool,
  tool,
} from '@turnstream/core';
import { FileHistory } from '@turnstream/history/file';
import { jsonSchema } from '@turnstream/json-schema';
import { OpenAIChatCompletionsClient, OpenAIResponsesClient } from '@turnstream/openai';
import { AzureOpenAI } from 'openai';
import { goldenResponse, goldenSession, goldenUpdate } from './golden-shape.ts';
import type { GoldenAgent, GoldenStep, GoldenTool, GoldenTrace, Json } from './golden-trace.ts';
import type { GoldenModel } from './serve-script.ts';

export class Player implements Disposable {
  readonly #trace: GoldenTrace;
  readonly #model: GoldenModel;
  readonly #sessions = new Map<string, AgentSession>();
  readonly #serialized = new Map<string, string>();
  readonly #tokens = new Map<string, string>();
  readonly #folder: string | null;
  readonly #files: HistoryProvider | null;
  readonly #instructions = new Map<string, string>();
  #toolCalls: Json[] = [];

  constructor(trace: GoldenTrace, model: GoldenModel) {
    this.#trace = trace;
    this.#model = model;
    this.#folder = trace.agent.history?.kind === 'file' ? mkdtempSync(join(tmpdir(), 'golden-')) : null;
    this.#files = this.#folder === null ? null : new FileHistory(this.#folder);
  }

  [Symbol.dispose](): void {
    if (this.#folder !== null) rmSync(this.#folder, { recursive: true });
  }

  async play(step: GoldenStep): Promise<Json> {
    this.#toolCalls = [];
    const seen = await this.#perform(step);
    const session = this.#sessions.get(step.session ?? step.as ?? '');
    return {
      ...seen,
      tool_calls: this.#toolCalls,
      ...(session === undefined ? {} : { session: await goldenSession(session, this.#files) }),
    };
  }

  async #perform(step: GoldenStep): Promise<Json> {
    switch (step.op) {
      case 'create_session':
        return this.#createSession(step);
      case 'run':
        return step.options?.background === true ? this.#startInBackground(step) : this.#run(step);
      case 'run_streaming':
        return step.options?.background === true ? this.#streamInBackground(step) : this.#runStreaming(step);
      case 'poll':
        return this.#poll(step);
      case 'resume_stream':
        return this.#streamUpdates(this.#resumed(step), step);
      case 'change_instructions':
        this.#instructions.set(step.agent ?? '', step.instructions ?? '');
        return {};
      case 'serialize_session':
        this.#serialized.set(step.as ?? '', JSON.stringify(this.#sessions.get(step.session ?? '')));
        return {};
      case 'restore_session':
        this.#sessions.set(
          step.as ?? '',
          AgentSession.fromJSON(JSON.parse(this.#serialized.get(step.from ?? '') ?? '')),
        );
        return {};
      case 'restart':
      case 'read_history_files':
        return {};
      default:
        throw new Error(`unknown step ${step.op}`);
    }
  }

  #createSession({ as, session_id, service_session_id }: GoldenStep): Json {
    const session = new AgentSession({
      ...(session_id === undefined ? {} : { sessionId: session_id }),
      ...(service_session_id === undefined ? {} : { serviceSessionId: service_session_id }),
    });
    this.#sessions.set(as ?? '', session);
    return {};
  }

  async #run(step: GoldenStep): Promise<Json> {
    try {
      return { response: goldenResponse(await this.#agent(step).run(inputOf(step), this.#options(step))) };
    } catch (error) {
      return { error: goldenError(error) };
    }
  }

  async #runStreaming(step: GoldenStep): Promise<Json> {
    const before = this.#model.requests.length;
    const stream = this.#agent(step).runStreaming(inputOf(step), this.#options(step));
    await new Promise((resolve) => setImmediate(resolve));
    const sentBeforeFirstPull = this.#model.requests.length - before;
    const seen = await readUpdates(stream, step);
    const settled = await stream.finalResponse().then(goldenResponse, () => null);
    const final = step.break_after === undefined && settled !== null ? { final: settled } : {};
    return { ...seen, requests_before_first_pull: sentBeforeFirstPull, ...final };
  }

  async #startInBackground(step: GoldenStep): Promise<Json> {
    const run = await this.#agent(step).runInBackground(inputOf(step), this.#options(step));
    this.#tokens.set(step.token_as ?? '', JSON.stringify(run));
    return { status: run.status };
  }

  async #streamInBackground(step: GoldenStep): Promise<Json> {
    const run = await this.#agent(step).runInBackground(inputOf(step), { ...this.#options(step), stream: true });
    return this.#streamUpdates(run, step);
  }

  async #streamUpdates(run: BackgroundRun, step: GoldenStep): Promise<Json> {
    const seen = await readUpdates(run.updates(), step);
    this.#tokens.set(step.token_as ?? step.token ?? '', JSON.stringify(run));
    return step.break_after === undefined ? { ...seen, final: goldenResponse(await run.wait()) } : seen;
  }

  async #poll(step: GoldenStep): Promise<Json> {
    const run = this.#resumed(step);
    const status = await run.poll();
    this.#tokens.set(step.token_as ?? step.token ?? '', JSON.stringify(run));
    return status === 'completed' ? { response: goldenResponse(await run.wait()) } : { status };
  }

  #resumed(step: GoldenStep): BackgroundRun {
    return this.#agent(step).resumeBackground(
      JSON.parse(this.#tokens.get(step.token ?? '') ?? ''),
      this.#options(step),
    );
  }

  #options(step: GoldenStep): { session?: AgentSession; instructions?: string } {
    const session = this.#sessions.get(step.session ?? '');
    const instructions = step.options?.instructions;
    return { ...(session === undefined ? {} : { session }), ...(instructions === undefined ? {} : { instructions }) };
  }

  /** Made anew for every step: an agent holds no conversation. */
  #agent(step: GoldenStep): Agent {
    const others = this.#trace.other_agents ?? [];
    const recorded = others.find(({ name }) => name === step.agent) ?? this.#trace.agent;
    const instructions = this.#instructions.get(step.agent ?? '') ?? recorded.instructions;
    const atService =
      this.#trace.api === 'responses' && recorded.options?.store !== false && recorded.history === undefined;
    return new Agent({
      client: this.#client(recorded, step.options?.max_tokens),
      name: recorded.name,
      ...(instructions === null ? {} : { instructions }),
      tools: recorded.tools.map((each) => this.#tool(each)),
      ...(atService ? { history: 'service' as const } : {}),
      ...(this.#files === null ? {} : { history: this.#files }),
    });
  }

  #client({ azure }: GoldenAgent, maxTokens: number | undefined): ChatClient {
    const { baseURL, origin } = this.#model;
    if (azure !== undefined) {
      const client = new AzureOpenAI({ endpoint: origin, apiKey: 'azure-key', apiVersion: azure.api_version ?? '' });
      return new OpenAIChatCompletionsClient({ model: azure.deployment, client, service: 'azure' });
    }
    const common = { model: 'gpt-4.1', apiKey: 'test-key', baseURL, maxRetries: 0 };
    if (this.#trace.api === 'responses') return new OpenAIResponsesClient(common);
    const parameters = maxTokens === undefined ? {} : { parameters: { max_completion_tokens: maxTokens } };
    return new OpenAIChatCompletionsClient({ ...common, ...parameters, service: 'openai' });
  }

  #tool({ name, description, parameters, behaviour }: GoldenTool): Tool {
    return tool({
      name,
      description,
      parameters: jsonSchema(parameters),
      execute: (input) => {
        this.#toolCalls.push({ name, arguments: input });
        const applies = behaviour.find(({ when }) => when === undefined || isDeepStrictEqual(when, input));
        if (applies?.throws !== undefined) throw new Error(applies.throws);
        return applies?.returns;
      },
    });
  }
}

/** The updates as the recorder wrote them down: all, the first few, or none when only the final response is asked for. */
async function readUpdates(
  stream: ResponseStream | AsyncIterable<Parameters<typeof goldenUpdate>[0]>,
  step: GoldenStep,
): Promise<Json> {
  const updates: Json[] = [];
  let texts = 0;
  try {
    if (step.final_only !== true) {
      for await (const update of stream) {
        updates.push(goldenUpdate(update));
        if (update.text !== '') texts += 1;
        if (texts === step.break_after) return { updates, broke: true };
      }
    }
    return { updates };
  } catch (error) {
    return { updates, error: goldenError(error) };
  }
}

function goldenError(error: unknown): Json {
  if (!(error instanceof AgentError)) throw error;
  return { code: error.serviceCode ?? null, kind: error.code, message: error.message };
}

function inputOf({ input }: GoldenStep): AgentInput {
  if (input === null || input === undefined) throw new Error('this step has no input');
  if (typeof input === 'string') return input;
  return input.map((item): string | Message =>
    typeof item === 'string'
      ? item
      : {
          role: item.role as Role,
          contents: item.text ?? (item.contents ?? []).map((text) => ({ type: 'text', text })),
        },
  );
}
