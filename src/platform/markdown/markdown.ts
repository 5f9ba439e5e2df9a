import MarkdownIt from 'markdown-it';

/**
 * What somebody types may ask for emphasis, headings and lists, and for nothing that reaches out of the page or hides a word
 * or a figure: no HTML (it is shown as it was typed), no links, no images, no blocks of code, no tables (they leave out
 * cells), no references, and no quotations (`> 50 %` is more than half). Tags of a closed list come out, and the number at
 * which a list starts is their only attribute.
 */
const WANTED = [
  ...['normalize', 'block', 'inline', 'text_join'],
  ...['heading', 'list', 'hr', 'paragraph'],
  ...['text', 'newline', 'escape', 'backticks', 'emphasis', 'strikethrough'],
  ...['balance_pairs', 'fragments_join'],
];

/** Lists in lists of a person; what is nested deeper is shown as it was typed. */
const NESTING_MAX = 40;

const renderer = new MarkdownIt('zero', { html: false, breaks: true, maxNesting: NESTING_MAX }).enable(
  WANTED,
  true,
);

type Token = ReturnType<typeof renderer.parse>[number];

/** Whatever a clinician would miss: letters, figures, and the signs that change a figure. */
const NOT_TELLING = /[^\p{L}\p{M}\p{N}<>+\-=%]/gu;
/** A point of a list that begins with a figure: then the dash before it may be a minus. */
const BEGINS_WITH_FIGURE = /^[^\p{L}]*\p{N}/u;
/** Stars between figures multiply, and are no emphasis. */
const MULTIPLIED = /\p{N}\s*\*+\s*\p{N}/u;

/** The HTML of a text that somebody typed: safe to put into a page as it is, and with every word and every figure of it. */
export function htmlOfMarkdown(text: string): string {
  const env = {};
  const tokens = renderer.parse(text, env);
  // Better plain than short, or than with another figure in it: a parser that gives up in the depths leaves out what is there.
  const isWhole = telling(tokens.map(shownOf).join('')) === telling(text) && !MULTIPLIED.test(text);
  if (!isWhole || !tokens.every(isSafeItem) || !areNumbersKept(tokens)) return asTyped(text);
  return renderer.renderer.render(tokens, renderer.options, env).trimEnd();
}

/** What a reader sees of it: its words, the number or the dash before a point of a list, a rule. */
function shownOf(token: Token): string {
  if (token.type === 'hr') return token.markup;
  if (token.type === 'list_item_open') return isNumbered(token) ? token.info : token.markup;
  return wordsOf(token);
}

function wordsOf(token: Token): string {
  return token.children === null ? token.content : token.children.map(wordsOf).join('');
}

function isNumbered({ markup }: Token): boolean {
  return markup === '.' || markup === ')';
}

/** `- rest` is a point of a list; `- 5 degrees` may be less than nothing, and `+ Lasègue` is a finding. */
function isSafeItem(token: Token, at: number, tokens: readonly Token[]): boolean {
  if (token.type !== 'list_item_open' || isNumbered(token) || token.markup === '*') return true;
  const [first, content] = tokens.slice(at + 1, at + 3);
  if (token.markup === '+' || first === undefined) return false;
  if (first.type === 'list_item_close') return true;
  const isWords = first.type === 'paragraph_open' || first.type === 'heading_open';
  return isWords && content !== undefined && !BEGINS_WITH_FIGURE.test(wordsOf(content));
}

/** A page counts from the first number of a list: `8.` and `4.` would be read as 8 and 9. */
function areNumbersKept(tokens: readonly Token[]): boolean {
  const next: number[] = [];
  return tokens.every((token) => {
    if (token.type === 'ordered_list_open') next.push(Number(token.attrGet('start') ?? 1));
    if (token.type === 'ordered_list_close') next.pop();
    if (token.type !== 'list_item_open' || !isNumbered(token)) return true;
    const number = next.pop() ?? 1;
    next.push(number + 1);
    return token.info === String(number);
  });
}

function telling(text: string): string {
  return text.replace(NOT_TELLING, '');
}

function asTyped(text: string): string {
  return `<p>${renderer.utils.escapeHtml(text).replace(/\r?\n/g, '<br>\n')}</p>`;
}
