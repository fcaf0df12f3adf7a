// The instructions of a request, in protocols where callers may send some.

/** Joins a request’s instructions; null if all are blank. */
export function joinedInstructions(instructions: readonly string[]): string | null {
  return instructions.filter((each) => each.trim() !== '').join('\n\n') || null;
}
