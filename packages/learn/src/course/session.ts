// The course at a terminal: each save of the open file is a check, each key a step, until the learner quits.
import type { Exercise } from '../exercises/find.ts';
import { SavedChecks } from '../process/saved-checks.ts';
import { page } from '../screen/page.ts';
import { paintFor, sizeOf } from '../screen/window.ts';
import { WorkFolder } from '../work/work-folder.ts';
import { Course } from './course.ts';
import { SaveWatch } from './save-watch.ts';
import { Terminal } from './terminal.ts';

/** Resolves when the learner has quit. */
export async function runSession(exercises: readonly Exercise[], root: string): Promise<void> {
  const { stdin, stdout } = process;
  const { promise: hasQuit, resolve: quit, reject: fail } = Promise.withResolvers<void>();
  const look = { paint: paintFor(stdout), links: stdout.hasColors() };
  const draw = (): void => {
    saves.watch(course.file);
    terminal.show(page(course, { ...sizeOf(stdout), ...look }, root));
  };
  await using checks = new SavedChecks();
  const course = new Course(exercises, new WorkFolder(root), checks, draw);
  using saves = new SaveWatch(() => void course.saved().catch(fail));
  using terminal = new Terminal(stdin, stdout, {
    onKey: (key) => void press(key, course, quit)?.catch(fail),
    onResize: draw,
  });
  course.open(course.current).catch(fail);
  await hasQuit;
}

const CTRL_C = '\u0003';
const CTRL_D = '\u0004';

/** Handles a key; returns a promise when a check follows. */
function press(key: string, course: Course, quit: () => void): Promise<void> | void {
  if (key === CTRL_C || key === CTRL_D) return quit();
  if (course.view === 'reset') return key === 'y' ? course.reset() : course.toggle('task');
  if (key === 'q') return quit();
  return course.view === 'list' ? pressInList(key, course) : pressInTask(key, course);
}

function pressInList(key: string, course: Course): Promise<void> | void {
  if (key === '\r') return course.choose();
  if (key === 'l' || key === '\u001B') return course.toggle('task');
  if (key === '\u001B[A' || key === 'k' || key === 'p') return course.moveCursor(-1);
  if (key === '\u001B[B' || key === 'j' || key === 'n') return course.moveCursor(1);
}

function pressInTask(key: string, course: Course): Promise<void> | void {
  switch (key) {
    case 'h':
      return course.hint();
    case 's':
      return course.toggle('diff');
    case 't':
      return course.toggle('output');
    case 'l':
      return course.toggle('list');
    case 'r':
      return course.toggle('reset');
    case 'n':
      return course.move(1);
    case 'p':
      return course.move(-1);
    default:
      if (course.view !== 'task') course.toggle('task');
  }
}
