import type { Content } from '@turnstream/core';
import { expect, test } from 'vitest';
import { ToolLog } from '../tool-log.ts';

function call(callId: string, name: string, args: string): Content {
  return { type: 'function_call', callId, name, arguments: args };
}

function result(callId: string, text: string): Content {
  return { type: 'function_result', callId, result: text };
}

test('a call is shown with its result, once', () => {
  const log = new ToolLog();

  const lines = log.add([call('1', 'get_weather', '{"city":"Paris"}'), result('1', 'Sunny')]);

  expect(lines).toEqual(['get_weather({"city":"Paris"}) -> Sunny']);
});

test('a result whose call was in an earlier run is shown by itself', () => {
  expect(new ToolLog().add([result('1', 'Sunny')])).toEqual(['-> Sunny']);
});

test('fragments of parallel calls are joined by call id, also when they take turns', () => {
  const log = new ToolLog();
  const updates = [
    [call('1', 'get_weather', '{"city":')],
    [call('2', 'get_weather', '{"city":')],
    [call('1', '', '"Paris"}')],
    [call('2', '', '"Tokyo"}')],
    [result('1', 'Sunny'), result('2', 'Rain')],
  ];

  const lines = updates.flatMap((contents) => log.add(contents));

  expect(lines).toEqual(['get_weather({"city":"Paris"}) -> Sunny', 'get_weather({"city":"Tokyo"}) -> Rain']);
});

test('a line stays one line, and hides nothing', () => {
  const log = new ToolLog();

  const lines = log.add([call('1', 'rm', '{"a":"\u202Ecba\u001B[2K"}\r'), result('1', 'one\ntwo')]);

  expect(lines).toEqual(['rm({"a":"\\u{202e}cba\\u{1b}[2K"}\\u{d}) -> one\\u{a}two']);
});
