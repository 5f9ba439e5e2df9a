import type { FormProblem } from './public-form-field.js';

// The pages for those whose browser runs no script: plain, readable aloud, without anything from elsewhere.

/** One question of a form, as a browser shows it. `name` is a field of the form. */
export type FormControl = {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly isRequired?: boolean;
} & (
  | { readonly kind: 'LINE'; readonly type: 'text' | 'email' | 'tel' | 'date'; readonly autocomplete: string }
  | { readonly kind: 'TEXT' }
  | { readonly kind: 'CHOICE' | 'CHOICES'; readonly options: readonly FormOption[] }
  | { readonly kind: 'TICK'; readonly link?: { readonly path: string; readonly label: string } }
  | {
      readonly kind: 'ANSWERS';
      readonly questions: readonly FormOption[];
      readonly options: readonly FormOption[];
    }
);

export interface FormOption {
  readonly value: string;
  readonly label: string;
}

export interface FormPage {
  readonly title: string;
  readonly words: readonly string[];
  readonly controls: readonly FormControl[];
  readonly sendLabel: string;
}

const STYLE =
  'body{font:1.125rem/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color:#111;background:#fff}' +
  '.urgent{border:.25rem solid #b30000;padding:1rem;white-space:pre-line}label,legend{font-weight:600}.hint{font-weight:400}' +
  'fieldset,.field{margin:1.25rem 0;border:0;padding:0}input[type=text],input[type=email],input[type=tel],input[type=date],' +
  'textarea{display:block;width:100%;font:inherit;border:2px solid #111;padding:.4rem;box-sizing:border-box}' +
  '.choice{display:block;font-weight:400;padding:.25rem 0}button{font:inherit;padding:.6rem 1.5rem}' +
  '.trap{position:absolute;left:-100rem}a{color:#003a8c}:focus-visible{outline:3px solid #b35900;outline-offset:2px}';

export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function pageOf(title: string, main: string): string {
  return (
    '<!doctype html>\n<html lang="en-GB"><head><meta charset="utf-8">' +
    '<meta name="viewport" content="width=device-width, initial-scale=1">' +
    `<title>${escaped(title)}</title><style>${STYLE}</style></head>\n<body><main>\n<h1>${escaped(title)}</h1>\n${main}</main></body></html>\n`
  );
}

const paragraphs = (words: readonly string[]) => words.map((text) => `<p>${escaped(text)}</p>\n`).join('');

function urgentPart(urgent: string | null): string {
  if (urgent === null) return '';
  return `<section class="urgent" role="alert"><h2>Please read this now</h2><p>${escaped(urgent)}</p></section>\n`;
}

/** For somebody of whom we do not know what they wanted to tell us. */
function standingPart(advice: string | null): string {
  if (advice === null) return '';
  return `<section class="urgent"><h2>If you need help at once</h2><p>${escaped(advice)}</p></section>\n`;
}

/** The answer to a form that was taken in. */
export function takenPage(
  title: string,
  reference: string,
  words: readonly string[],
  urgent: string | null,
): string {
  return pageOf(
    title,
    `${urgentPart(urgent)}${paragraphs(words)}<p>Your reference: <strong>${escaped(reference)}</strong></p>\n`,
  );
}

/** The answer to a form that was not: which fields, which rules. Going back in the browser loses nothing. */
export function refusedPage(
  title: string,
  words: readonly string[],
  problems: readonly FormProblem[],
  labels: ReadonlyMap<string, string>,
  { urgent, standing }: { readonly urgent: string | null; readonly standing: string | null },
): string {
  const items = problems.map(
    ({ field, message }) =>
      `<li><strong>${escaped(labels.get(field) ?? field)}</strong>: ${escaped(message)}</li>\n`,
  );
  const list = items.length === 0 ? '' : `<ul>\n${items.join('')}</ul>\n`;
  const back = 'Go back with your browser: what you wrote is still there.';
  return pageOf(
    title,
    `${urgentPart(urgent)}<div role="alert">${paragraphs(words)}${list}</div>${paragraphs([back])}${standingPart(standing)}`,
  );
}

/** The form itself, with what it carries unseen. */
export function formPage(
  page: FormPage,
  sentTo: string,
  carried: Readonly<Record<string, string>>,
  trap: string,
): string {
  const unseen = Object.entries(carried).map(
    ([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">\n`,
  );
  const hidden =
    `<div class="trap" aria-hidden="true"><label>Leave this empty <input type="text" name="${escaped(trap)}" ` +
    'tabindex="-1" autocomplete="off"></label></div>\n';
  const body = page.controls.map(control).join('');
  return pageOf(
    page.title,
    `${paragraphs(page.words)}<form method="post" action="${escaped(sentTo)}" accept-charset="utf-8">\n` +
      `${unseen.join('')}${hidden}${body}<button type="submit">${escaped(page.sendLabel)}</button>\n</form>\n`,
  );
}

const hintOf = ({ hint }: FormControl) =>
  hint === undefined ? '' : ` <span class="hint">${escaped(hint)}</span>`;

function control(one: FormControl): string {
  const name = escaped(one.name);
  const required = one.isRequired ? ' required' : '';
  const label = `${escaped(one.label)}${hintOf(one)}`;
  switch (one.kind) {
    case 'LINE':
      return `<div class="field"><label for="${name}">${label}</label><input id="${name}" name="${name}" type="${one.type}" autocomplete="${escaped(one.autocomplete)}"${required}></div>\n`;
    case 'TEXT':
      return `<div class="field"><label for="${name}">${label}</label><textarea id="${name}" name="${name}" rows="8"${required}></textarea></div>\n`;
    case 'CHOICE':
      return group(label, choices('radio', name, one.options, required));
    case 'CHOICES':
      return group(label, choices('checkbox', name, one.options, ''));
    case 'TICK':
      return `<div class="field"><label class="choice"><input type="checkbox" name="${name}" value="yes"${required}> ${label}</label>${linkOf(one.link)}</div>\n`;
    case 'ANSWERS':
      return one.questions
        .map(({ value, label: wording }) =>
          group(escaped(wording), choices('radio', `${name}.${escaped(value)}`, one.options, required)),
        )
        .join('');
  }
}

function linkOf(link: { readonly path: string; readonly label: string } | undefined): string {
  return link === undefined ? '' : `<a href="${escaped(link.path)}">${escaped(link.label)}</a>`;
}

const group = (legend: string, inside: string) =>
  `<fieldset><legend>${legend}</legend>\n${inside}</fieldset>\n`;

function choices(type: string, name: string, options: readonly FormOption[], required: string): string {
  return options
    .map(
      ({ value, label }) =>
        `<label class="choice"><input type="${type}" name="${name}" value="${escaped(value)}"${required}> ${escaped(label)}</label>\n`,
    )
    .join('');
}
