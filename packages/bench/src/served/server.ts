// The servers side by side.

export const SERVERS = ['node:http', 'turnstream'] as const;
export type ServerName = (typeof SERVERS)[number];

export interface Served extends AsyncDisposable {
  /** Of `POST /chat/stream`. */
  readonly port: number;
  readonly token: string;
}
