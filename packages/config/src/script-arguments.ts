// The arguments of a script, however it was started.

/** The arguments of this process, without the `--` of `pnpm run demo -- "Hi"`, which pnpm passes on and npm does not. */
export function scriptArguments(): string[] {
  return process.argv.slice(2).filter((argument) => argument !== '--');
}
