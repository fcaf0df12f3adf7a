// The door of @turnstream/server/chat, for the lab: the chat in the browser, and what it is built of. The published
// package does not have this entry.
export type { InspectedContent } from '../../events/wire.ts';
export { Chat, type ChatPage } from './chat/chat.ts';
export { ChatView, type ChatViewOptions } from './chat/chat-view.ts';
export { Sidebar } from './chat/sidebar.ts';
export { openConnection } from './connection.ts';
export { type Attributes, type Child, count, errorWords, h, setAttribute, setText, svg, time } from './dom.ts';
export { Announcer } from './frame/announcer.ts';
export { refusal } from './frame/refusal.ts';
export { openSheet } from './frame/sheet.ts';
export { themeSelect } from './frame/theme.ts';
export { hideSession } from './run/names.ts';
export { ChatRun, type Mode, type RunSettings, type RunState } from './run/run.ts';
export { takeCall } from './run/sessions.ts';
export { sentBy, streamAnswer, type Where } from './run/stream.ts';
export type { ToolUse } from './run/tool-use.ts';
