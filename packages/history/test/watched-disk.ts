// What a power cut would leave of a directory: the text each file was last synced with, under the names the directory was.
import { fstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { vi } from 'vitest';

export interface WatchedDisk {
  /** What every open file inherits from: spy on a method of it to make a call fail. */
  readonly fileHandles: FileHandle;
  /** The text of each file by its name. Anything that was not synced is lost. */
  afterPowerCut(): Readonly<Record<string, string>>;
  /** Calls it before and after each sync from now on. */
  onSync(listener: () => void): void;
}

/** Watches from now on until the end of the test. */
export async function watchedDisk(directory: string): Promise<WatchedDisk> {
  const fileHandles = await prototypeOfHandles();
  const texts = new Map<number, string>();
  let names: readonly (readonly [string, number])[] = [];
  const listeners: (() => void)[] = [];
  for (const method of ['sync', 'datasync'] as const) {
    const real = fileHandles[method];
    vi.spyOn(fileHandles, method).mockImplementation(async function (this: FileHandle) {
      for (const listener of listeners) listener();
      await real.call(this);
      const { ino } = fstatSync(this.fd);
      const files = filesIn(directory);
      if (ino === statSync(directory).ino) names = files;
      for (const [name, number] of files)
        if (number === ino) texts.set(ino, readFileSync(join(directory, name), 'utf8'));
      for (const listener of listeners) listener();
    });
  }
  return {
    fileHandles,
    afterPowerCut: () => Object.fromEntries(names.map(([name, number]) => [name, texts.get(number) ?? ''])),
    onSync: (listener) => void listeners.push(listener),
  };
}

async function prototypeOfHandles(): Promise<FileHandle> {
  await using handle = await open(import.meta.filename);
  return Object.getPrototypeOf(handle);
}

/** Each file with its inode number, which a rename does not change. */
function filesIn(directory: string): [string, number][] {
  const entries = readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isFile());
  return entries.map(({ name }) => [name, statSync(join(directory, name)).ino]);
}
