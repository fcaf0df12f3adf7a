// What a page may do: its content security policy.
import { createHash } from 'node:crypto';

/** Scripts of this server alone, of which the one inline text is known by its hash; and text can become no markup. */
export function policyFor(inline: string): string {
  const hash = createHash('sha256').update(inline).digest('base64');
  return [
    "default-src 'none'",
    `script-src 'self' 'sha256-${hash}'`,
    "style-src 'self'",
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ');
}
