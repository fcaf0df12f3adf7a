// What a disk or a directory refuses, as the errors of the stores in files. What Node threw is the `cause`.
import { AgentError } from '@turnstream/core';

/** Rights, and a path that leads through something else than directories. */
const UNUSABLE: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'ENAMETOOLONG']);
/** No room, too many open files, something in use: all of it can pass. */
const PASSING: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE', 'EAGAIN', 'EBUSY']);

/** Does work in the directory. Rejects with `config_invalid` where it cannot be used, and with `server_error` otherwise. */
export async function onDisk<T>(directory: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof Error && 'syscall' in cause && 'code' in cause)) throw cause;
    throw diskError(directory, String(cause.code), cause);
  }
}

function diskError(directory: string, code: string, cause: Error): AgentError {
  if (UNUSABLE.has(code)) {
    const remedy = 'Name a directory that this process may make, read and write.';
    return new AgentError('config_invalid', `The directory ${directory} cannot be used (${code}). ${remedy}`, {
      cause,
    });
  }
  const message = `The disk of ${directory} failed (${code}). Nothing was acknowledged; look at the disk, then try again.`;
  return new AgentError('server_error', message, { cause, serviceCode: code, retryable: PASSING.has(code) });
}
