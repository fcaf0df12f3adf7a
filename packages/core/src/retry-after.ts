// What a server asks for with `Retry-After`: seconds, or a date (RFC 9110, 10.2.3).

/** Every format of a date in HTTP begins with the day of the week, and all are in GMT, said or not. */
const DATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)/;

/** The wait in milliseconds from now; null when the header is missing or cannot be read. Fractions of a second are taken too. */
export function parseRetryAfter(header: string | null | undefined): number | null {
  const text = header?.trim() ?? '';
  if (/^\d+(?:\.\d+)?$/.test(text)) return Math.round(Number(text) * 1000);
  if (!DATE.test(text)) return null;
  const moment = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`);
  return Number.isNaN(moment) ? null : Math.max(0, moment - Date.now());
}

/** `retry-after-ms`, else `retry-after`, as milliseconds from now; null when neither can be read. */
export function retryAfterMs(headers: Headers): number | null {
  const milliseconds = Number.parseFloat(headers.get('retry-after-ms') ?? '');
  return milliseconds >= 0 ? Math.round(milliseconds) : parseRetryAfter(headers.get('retry-after'));
}
