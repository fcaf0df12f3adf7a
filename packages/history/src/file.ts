// The door of @turnstream/history/file: conversations as files of one directory, for the processes of one machine.
export { FileHistory, type FileHistoryOptions, type TornTail } from './file-history.ts';
export { FileSessions } from './file-sessions.ts';
