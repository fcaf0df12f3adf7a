// The door of @turnstream/history/file.
export { FileHistory, type FileHistoryOptions, type TornTail } from './file-history.ts';
export { fileSessions } from './file-sessions.ts';
