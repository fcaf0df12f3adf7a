import { expect, test, vi } from 'vitest';
import { scriptArguments } from '../src/script-arguments.ts';

test.each([[['Hi', '--fast']], [['--', 'Hi', '--fast']]])(
  'started with %j, a script gets the question and the option',
  (given) => {
    using _argv = vi.spyOn(process, 'argv', 'get').mockReturnValue(['node', 'main.ts', ...given]);

    const found = scriptArguments();

    expect(found).toEqual(['Hi', '--fast']);
  },
);
