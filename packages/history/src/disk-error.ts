// Turns failures of the disk or a directory into the errors of the file stores. What Node threw becomes the `cause`.
import { AgentError } from '@turnstream/core';

/** Missing permissions, a path with something other than directories in it, or one where no directory can be made. */
const UNUSABLE: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'ENOENT', 'ENAMETOOLONG']);
/** Disk full, too many open files, resource busy: temporary. */
const PASSING: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE', 'EAGAIN', 'EBUSY']);

/** Works in the directory. Rejects with `config_invalid` when it cannot be used, and with `server_error` otherwise. */
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
    const remedy = 'Name a directory that this process may create, read and write.';
    return new AgentError('config_invalid', `The directory ${directory} cannot be used (${code}). ${remedy}`, {
      cause,
    });
  }
  const message = `The disk of ${directory} failed (${code}). Nothing was acknowledged. Check the disk, then try again.`;
  return new AgentError('server_error', message, { cause, serviceCode: code, retryable: PASSING.has(code) });
}
