// CPU time of this process, threads of the runtime included: what does not move with the load of the machine.

/** Microseconds of CPU that the work took. */
export async function cpuMicros(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
