// A generator that can be left while it waits.

/**
 * The generator, with a `return()` that calls `leave` first, which ends what the generator waits for: otherwise it would
 * hear of its `return()` only after that has come.
 */
export function leavable<T>(
  generator: AsyncGenerator<T, undefined>,
  leave: () => void | Promise<void>,
): AsyncGenerator<T, undefined> {
  const end = generator.return.bind(generator);
  generator.return = async (value) => {
    await leave();
    return end(value);
  };
  return generator;
}
