// The learner's position in the course, and how a key or a save changes it. Draws nothing; reports each change.
import { existsSync, readFileSync } from 'node:fs';
import type { Exercise } from '../exercises/find.ts';
import type { Checked, SavedChecks } from '../process/saved-checks.ts';
import { readProgress, recordProgress } from '../work/progress.ts';
import type { Opened, WorkFolder } from '../work/work-folder.ts';

export type View = 'task' | 'diff' | 'list' | 'output' | 'reset';

export class Course {
  readonly exercises: readonly Exercise[];
  readonly #work: WorkFolder;
  readonly #checks: SavedChecks;
  readonly #done: Set<string>;
  readonly #onChange: () => void;
  #current: Exercise;
  opened: Opened = { update: 'none' };
  /** The previous exercise, which has just passed. */
  justPassed: Exercise | null = null;
  /** Null while the check runs. */
  checked: Checked | null = null;
  view: View = 'task';
  /** How many of the three are shown. */
  hints = 0;
  /** The line of the list that Enter opens. */
  cursor = 0;

  /** Opens where the learner left off, or the first exercise that has not passed. Throws when there is no exercise. */
  constructor(exercises: readonly Exercise[], work: WorkFolder, checks: SavedChecks, onChange: () => void) {
    this.exercises = exercises;
    this.#work = work;
    this.#checks = checks;
    this.#onChange = onChange;
    const { current, done } = readProgress(work.progressFile);
    this.#done = new Set(done);
    const start = exercises.find(({ key }) => key === current) ?? this.#firstLeft(exercises) ?? exercises[0];
    if (start === undefined) throw new Error('There are no exercises in tutorials/*/exercises/.');
    this.#current = start;
  }

  get current(): Exercise {
    return this.#current;
  }

  get file(): string {
    return this.#work.fileOf(this.#current);
  }

  get doneCount(): number {
    return this.exercises.filter((exercise) => this.isDone(exercise)).length;
  }

  isDone({ key }: Exercise): boolean {
    return this.#done.has(key);
  }

  /** Shows the exercise and checks what is there. Resolves when the check has finished. */
  async open(exercise: Exercise): Promise<void> {
    this.#current = exercise;
    this.opened = this.#work.open(exercise);
    this.view = 'task';
    this.hints = 0;
    this.cursor = this.exercises.indexOf(exercise);
    recordProgress(this.#work.progressFile, { current: exercise.key });
    await this.#check();
  }

  /** Handles a save. When the file passes for the first time, opens the next open exercise. */
  async saved(): Promise<void> {
    const exercise = this.#current;
    const wasDone = this.isDone(exercise);
    this.justPassed = null;
    this.view = 'task';
    if (!existsSync(this.file)) return this.#showMissing();
    if (!(await this.#check()) || wasDone) return;
    const next = this.#firstLeft(this.exercises.slice(this.cursor)) ?? this.#firstLeft(this.exercises);
    if (next === undefined) return;
    this.justPassed = exercise;
    await this.open(next);
  }

  /** Moves by this many exercises; does nothing at either end. */
  async move(places: number): Promise<void> {
    const target = this.exercises[this.exercises.indexOf(this.#current) + places];
    if (target === undefined) return;
    this.justPassed = null;
    await this.open(target);
  }

  moveCursor(places: number): void {
    this.cursor = Math.max(0, Math.min(this.exercises.length - 1, this.cursor + places));
    this.#onChange();
  }

  /** Opens the exercise under the cursor of the list. */
  async choose(): Promise<void> {
    this.justPassed = null;
    await this.open(this.exercises[this.cursor] ?? this.#current);
  }

  /** Shows the view, or the task again when it is shown already. */
  toggle(view: View): void {
    this.view = this.view === view ? 'task' : view;
    this.cursor = this.exercises.indexOf(this.#current);
    this.#onChange();
  }

  hint(): void {
    this.view = 'task';
    this.hints = Math.min(this.hints + 1, this.#current.task.hints.length);
    this.#onChange();
  }

  async reset(): Promise<void> {
    this.#work.reset(this.#current);
    await this.open(this.#current);
  }

  /** The learner's file and the solution. */
  texts(): readonly [mine: string, solution: string] {
    const mine = existsSync(this.file) ? readFileSync(this.file, 'utf8') : '';
    return [mine, readFileSync(this.#current.solutions[0], 'utf8')];
  }

  /** Some editors remove a file for a moment while they save it: the next check finds it again. */
  #showMissing(): void {
    this.checked = { sentence: 'the file is gone; r restores the problem', output: '' };
    this.#onChange();
  }

  /** True when the file passes. */
  async #check(): Promise<boolean> {
    const exercise = this.#current;
    this.checked = null;
    this.#onChange();
    const checked = await this.#checks.check({ check: exercise.check, file: this.file });
    if (checked === null) return false;
    this.checked = checked;
    const passes = checked.sentence === null;
    if (passes) this.#pass(exercise);
    this.#onChange();
    return passes;
  }

  #firstLeft(exercises: readonly Exercise[]): Exercise | undefined {
    return exercises.find((exercise) => !this.isDone(exercise));
  }

  #pass({ key }: Exercise): void {
    this.#done.add(key);
    recordProgress(this.#work.progressFile, { passed: key });
  }
}
