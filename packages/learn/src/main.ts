// `npx -y pnpm@12 learn`: the exercises of the chapters.
import { join, parse, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { exerciseNamed, findExercises } from './exercises/find.ts';
import { proveAll } from './exercises/proof.ts';
import { CheckRunner } from './process/check-runner.ts';

const USAGE = `usage: npx -y pnpm@12 learn [option]
  --list           the exercises
  --check <name>   checks one file: an exercise, or the path of its problem.ts or a solution.ts
  --all            proves the exercises: problems fail, solutions pass, last hints quote the solution
`;

const print = (line: string): boolean => process.stdout.write(`${line}\n`);

async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: args.filter((arg) => arg !== '--'),
    options: {
      list: { type: 'boolean' },
      check: { type: 'string' },
      all: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.list === true) return list();
  if (values.check !== undefined) return checkOne(values.check);
  if (values.all === true) return checkAll();
  print(USAGE);
  return values.help === true ? 0 : 2;
}

function list(): number {
  for (const { id, task } of findExercises()) print(`${id}  ${task.kind}: ${task.title}`);
  return 0;
}

async function checkOne(name: string): Promise<number> {
  const { base, dir } = parse(name);
  const isFile = base.endsWith('.ts');
  const exercise = exerciseNamed(isFile ? dir : name, findExercises());
  const file = isFile ? join(exercise.folder, base) : exercise.problem;
  const runner = new CheckRunner();
  const { sentence } = await runner.check({ check: exercise.check, file });
  await runner[Symbol.asyncDispose]();
  process.stderr.write(runner.output);
  print(`${relative(process.cwd(), file)}: ${sentence ?? 'passes'}`);
  return sentence === null ? 0 : 1;
}

async function checkAll(): Promise<number> {
  const exercises = findExercises();
  let unsound = 0;
  await proveAll(exercises, (exercise, problems) => {
    for (const problem of problems) print(`${exercise.id}: ${problem}`);
    if (problems.length > 0) unsound += 1;
  });
  print(`${exercises.length} exercises, ${unsound} of them unsound`);
  return unsound === 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
