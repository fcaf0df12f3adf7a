// The door of @turnstream/history/file.
export { FileHistory, type FileHistoryOptions, type TornTail } from './file-history.ts';
export { FileSessions } from './file-sessions.ts';
