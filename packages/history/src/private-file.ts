// Files that only their owner may read, opened without following a symbolic link.
import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { corrupt } from './record.ts';

/** Windows has no such flag, and there a link takes a privilege to make. */
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;

type Mode = 'read' | 'readWrite' | 'create' | 'append' | 'replace';

const MODES: Record<Mode, number> = {
  read: constants.O_RDONLY,
  readWrite: constants.O_RDWR,
  create: constants.O_RDWR | constants.O_CREAT,
  append: constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND,
  replace: constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC,
};

/**
 * The open file, or null when there is none. Throws `history_corrupt` for a link or anything else that is not a file.
 */
export async function openPrivate(path: string, mode: Mode): Promise<FileHandle | null> {
  try {
    const handle = await open(path, MODES[mode] | NO_FOLLOW, 0o600);
    if ((await handle.stat()).isFile()) return handle;
    await handle.close();
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    if (!hasCode(error, 'ELOOP') && !hasCode(error, 'EISDIR')) throw error;
  }
  throw corrupt(path, 'is not a file but a link or a directory');
}

/** The same for a file that is made when it is missing, together with its directory. */
export async function createPrivate(path: string, directory: string, mode: Mode): Promise<FileHandle> {
  const handle = await openPrivate(path, mode);
  if (handle !== null) return handle;
  await makeDirectory(directory);
  const created = await openPrivate(path, mode);
  if (created === null) throw corrupt(directory, 'was removed while it was in use');
  return created;
}

/**
 * Makes the parents too. `mkdir` with `recursive` never returns if the parent exists and its file system cannot hold
 * another directory, as in `/proc` (seen with Node 26.10).
 */
async function makeDirectory(path: string): Promise<void> {
  try {
    await makeOne(path);
  } catch (error) {
    if (!hasCode(error, 'ENOENT') || dirname(path) === path) throw error;
    await makeDirectory(dirname(path));
    await makeOne(path);
  }
}

async function makeOne(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  }
}

/** Replaces the content atomically, even across a power cut. One writer at a time. */
export async function replacePrivate(path: string, directory: string, content: string | Uint8Array): Promise<void> {
  {
    await using handle = await createPrivate(unfinished(path), directory, 'replace');
    await handle.writeFile(content);
    await handle.sync();
  }
  await rename(unfinished(path), path);
  await syncDirectory(directory);
}

/** The temporary file that a killed `replacePrivate` leaves behind. */
export function unfinished(path: string): string {
  return `${path}.tmp`;
}

/** True when there was a file to remove. */
export async function removeFile(path: string): Promise<boolean> {
  try {
    await unlink(path);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}

/** Writes all of it at the position; one `write` may take less than it was given. */
export async function writeAt(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, written, bytes.length - written, position + written);
    written += bytesWritten;
  }
}

/** Makes new and removed names in the directory outlive a power cut. Windows does that by itself and refuses the call. */
export async function syncDirectory(directory: string): Promise<void> {
  if (process.platform === 'win32') return;
  await using handle = await open(directory, constants.O_RDONLY);
  await handle.sync();
}

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
