// The inline content of a Markdown block: text, code, emphasis and links. HTML is plain text.

export type Inline =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'code'; readonly text: string }
  | { readonly type: 'strong' | 'em' | 'del'; readonly inside: readonly Inline[] }
  | { readonly type: 'link'; readonly href: string; readonly inside: readonly Inline[] };

const TOKENS = [
  String.raw`\\(?<escaped>[!-/:-@[-\x60{-~])`,
  String.raw`(?<!\x60)(?<ticks>\x60+)(?!\x60)(?<code>[^]*?[^\x60])\k<ticks>(?!\x60)`,
  String.raw`!?\[(?<label>(?:[^[\]\\]|\\.|\[[^[\]]*\])*)\]\(\s*<?(?<target>[^\s<>()]*(?:\([^\s()]*\)[^\s()]*)*)>?(?:\s+"[^"]*")?\s*\)`,
  String.raw`(?<address>https?://[^\s<>]*[^\s<>.,:;!?'"*_~)\]])`,
  String.raw`(?<break><br\s*/?>)`,
  String.raw`\*\*(?=\S)(?<strong>[^]*?[^\s\\])\*\*(?!\*)`,
  String.raw`(?<!\w)__(?=\S)(?<strong2>[^]*?[^\s\\])__(?!\w)`,
  String.raw`\*(?=[^\s*])(?<em>(?:[^*]|\*\*[^*]+\*\*)*?[^\s*\\])\*(?!\*)`,
  String.raw`(?<!\w)_(?=[^\s_])(?<em2>[^_]*?[^\s_\\])_(?!\w)`,
  String.raw`~~(?=\S)(?<del>[^]*?[^\s\\])~~`,
];
/** In a growing text, an unclosed code span or strong emphasis counts as closed. */
const OPEN_TOKENS = [
  String.raw`\x60(?<openCode>[^\x60]+)$`,
  String.raw`\*\*(?=[^\s*])(?<openStrong>(?:[^*]|\*[^*])+)$`,
];

const WHOLE = new RegExp(TOKENS.join('|'), 'g');
const OPEN = new RegExp([...TOKENS, ...OPEN_TOKENS].join('|'), 'g');
/** Searching longer texts for pairs would block the page. */
const MAX_CHARS = 10_000;
const MAX_DEPTH = 6;

/** `isOpen` means that the text may still grow. */
export function readInline(text: string, isOpen = false, depth = 0): Inline[] {
  if (text.length > MAX_CHARS || depth > MAX_DEPTH) return [{ type: 'text', text }];
  const found: Inline[] = [];
  let plain = '';
  let end = 0;
  const flush = (): void => {
    if (plain !== '') found.push({ type: 'text', text: plain });
    plain = '';
  };
  for (const match of text.matchAll(isOpen ? OPEN : WHOLE)) {
    plain += text.slice(end, match.index);
    end = match.index + match[0].length;
    const { escaped, break: newLine } = match.groups ?? {};
    const literal = newLine === undefined ? escaped : '\n';
    const token = literal === undefined ? tokenOf(match.groups ?? {}, isOpen, depth) : null;
    if (token === null) plain += literal ?? match[0];
    else {
      flush();
      found.push(token);
    }
  }
  plain += text.slice(end);
  flush();
  return found;
}

function tokenOf(groups: Readonly<Record<string, string | undefined>>, isOpen: boolean, depth: number): Inline | null {
  const read = (text: string): Inline[] => readInline(text, isOpen, depth + 1);
  const { code, openCode, label, target = '', address, strong, strong2, openStrong, em, em2, del } = groups;
  const coded = code ?? openCode;
  if (coded !== undefined) return { type: 'code', text: coded.replace(/^ (.*[^ ].*) $/s, '$1') };
  const bold = strong ?? strong2 ?? openStrong;
  if (bold !== undefined) return { type: 'strong', inside: read(bold) };
  const stressed = em ?? em2;
  if (stressed !== undefined) return { type: 'em', inside: read(stressed) };
  if (del !== undefined) return { type: 'del', inside: read(del) };
  if (address !== undefined) return { type: 'link', href: address, inside: [{ type: 'text', text: address }] };
  const href = safeAddress(target);
  if (label === undefined || href === null) return null;
  return { type: 'link', href, inside: label === '' ? [{ type: 'text', text: target }] : read(label) };
}

/** Null for anything but web and mail addresses, such as `javascript:`. */
function safeAddress(target: string): string | null {
  return /^(?:https?:\/\/|mailto:)/i.test(target) && URL.canParse(target) ? target : null;
}
