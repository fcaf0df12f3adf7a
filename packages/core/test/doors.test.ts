// What each of the two doors gives.
import { expect, test } from 'vitest';
import * as core from '../src/index.ts';
import * as seams from '../src/seams.ts';

test('the door for applications makes agents, sessions and tools, and reads messages', () => {
  expect(Object.keys(core).toSorted()).toEqual([
    'Agent',
    'AgentError',
    'AgentSession',
    'BackgroundRun',
    'MemoryHistory',
    'MemorySessions',
    'ResponseStream',
    'ToolFailure',
    'answerText',
    'approve',
    'compactInOrder',
    'compactOnOverflow',
    'contentsOf',
    'contextProvider',
    'dataContent',
    'dropToolResults',
    'fitTokens',
    'keepLastTurns',
    'reject',
    'summarizeTurns',
    'textOf',
    'tool',
    'toolResult',
  ]);
});

test('the door for authors of stores and model clients gives what those share', () => {
  expect(Object.keys(seams).toSorted()).toEqual([
    'AGENT_ERROR_CODES',
    'COMMENTARY',
    'MAX_TIMER_MS',
    'PullQueue',
    'ResponseFold',
    'ServiceCall',
    'StoredSessions',
    'addUsage',
    'aheadOf',
    'asCount',
    'asList',
    'asObject',
    'asText',
    'backoffMs',
    'callsOf',
    'canReplaceRow',
    'capped',
    'chatUpdate',
    'checkLastTurns',
    'historyConflict',
    'invokeTool',
    'isOpen',
    'isTransient',
    'jittered',
    'json',
    'lastTurnsOf',
    'leavable',
    'loadedHistory',
    'parseRetryAfter',
    'parseTurn',
    'pendingCalls',
    'quotedId',
    'redactorFor',
    'refuseRepeatedResults',
    'removesTurns',
    'reportOf',
    'reportedError',
    'resultsOf',
    'retryAfterMs',
    'safeCause',
    'savedSession',
    'serviceError',
    'sleep',
    'storableTurn',
    'storedTurn',
    'takeHeaders',
    'toolOutput',
    'unexpiredRow',
    'unlessAborted',
    'usageMembers',
    'withHeaders',
  ]);
});

test('no value is given by both doors', () => {
  const both = Object.keys(core).filter((name) => name in seams);

  expect(both).toEqual([]);
});
