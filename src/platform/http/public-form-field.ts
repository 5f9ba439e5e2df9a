// What a form on a public page may hold, and how it is read. What was sent is never repeated: a problem names the field
// and the rule. Text stays text: what looks like markup is kept as it is, and made harmless where it is shown.

/** One line: a name, an address. */
interface LineField {
  readonly kind: 'LINE';
  readonly charactersMax: number;
}

/** Some lines. */
interface TextField {
  readonly kind: 'TEXT';
  readonly charactersMax: number;
}

/** One of some codes; sent in capitals or small letters. */
interface ChoiceField {
  readonly kind: 'CHOICE';
  readonly options: readonly string[];
}

/** Any of some codes. */
interface ChoicesField {
  readonly kind: 'CHOICES';
  readonly options: readonly string[];
}

/** Ticked or not: `on`, `yes`, `true`, `1`. */
interface TickField {
  readonly kind: 'TICK';
}

/** Questions by their code, each with one of some answers: `redFlags.FEVER`, `redFlags[FEVER]`, or an object in JSON. */
interface AnswersField {
  readonly kind: 'ANSWERS';
  /** The gravest first: of several answers to one question that one counts. In JSON `true` is YES and `false` is NO. */
  readonly options: readonly string[];
  readonly answersMax: number;
}

export type FormField = { readonly name: string } & (
  | LineField
  | TextField
  | ChoiceField
  | ChoicesField
  | TickField
  | AnswersField
);

/** A field and the rule that it breaks, for whoever filled in the form. Both are ours: nothing that was sent. */
export interface FormProblem {
  readonly field: string;
  readonly message: string;
}

/** An answer as it came; several when it came more than once. Null: nothing that could be one. */
export type RawAnswer = string | boolean | null | readonly RawAnswer[];

/** As it came: text, a tick, several, or answers by code. */
export type RawValue = string | boolean | readonly string[] | ReadonlyMap<string, RawAnswer>;

type Value = string | boolean | readonly string[] | ReadonlyMap<string, string>;

const TICKED = new Set(['on', 'yes', 'true', '1']);
const NOT_TICKED = new Set(['off', 'no', 'false', '0', '']);
const ANSWER_CODE = /^[A-Z][A-Z0-9_]{0,39}$/;

/** Control characters and half surrogate pairs: no keyboard writes them. Line breaks and tabs are for texts of lines. */
const READABLE = /^(?:[^\p{Cc}\p{Cs}]|[\n\r\t])*$/u;
const LINE_ENDS = /\r\n?|[\u2028\u2029]/gu;
/** Marks that are not seen and turn the direction of what follows, or hide in it: left out. Joiners stay, scripts need them. */
const UNSEEN = /[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;
/** More combining marks on one letter than any language has are there to spill over the page. */
const PILED_MARKS = /(\p{M}{4})\p{M}+/gu;

/** Text as it is kept: NFC, Unix line ends, without what is not seen. Null: it holds what is not text. */
export function readableText(text: string): string | null {
  if (!READABLE.test(text)) return null;
  return text.normalize('NFC').replace(LINE_ENDS, '\n').replace(UNSEEN, '').replace(PILED_MARKS, '$1').trim();
}

/** A form as it was read: every value of the kind that its field has. */
export class FormValues {
  constructor(private readonly values: ReadonlyMap<string, Value>) {}

  /** Of a LINE, TEXT or CHOICE; null: left empty. */
  text(name: string): string | null {
    const value = this.values.get(name);
    return typeof value === 'string' && value !== '' ? value : null;
  }

  choices(name: string): readonly string[] {
    const value = this.values.get(name);
    return Array.isArray(value) ? (value as readonly string[]) : [];
  }

  isTicked(name: string): boolean {
    return this.values.get(name) === true;
  }

  answers(name: string): ReadonlyMap<string, string> {
    const value = this.values.get(name);
    return value instanceof Map ? value : new Map();
  }

  /** The same form gives the same text, whatever order its fields came in. */
  fingerprintText(without: readonly string[]): string {
    const written = [...this.values].filter(([name]) => !without.includes(name));
    const plain = written.map(([name, value]) => [
      name,
      value instanceof Map ? [...value].sort() : Array.isArray(value) ? [...value].sort() : value,
    ]);
    return JSON.stringify(plain.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)));
  }
}

/** Reads what came against the fields that there are; what is no field of the form is refused as a whole. */
export function readFields(
  raw: ReadonlyMap<string, RawValue>,
  fields: readonly FormField[],
): { readonly values: FormValues; readonly problems: readonly FormProblem[] } {
  const byName = new Map(fields.map((field) => [field.name, field]));
  const values = new Map<string, Value>();
  const problems: FormProblem[] = [];
  for (const [name, value] of raw) {
    const field = byName.get(name);
    if (field === undefined) continue;
    const read = readOne(field, value);
    if ('problem' in read) problems.push({ field: name, message: read.problem });
    if ('value' in read) values.set(name, read.value);
  }
  if ([...raw.keys()].some((name) => !byName.has(name))) {
    problems.push({ field: 'form', message: 'holds a field that this form does not have.' });
  }
  return { values: new FormValues(values), problems };
}

/** Answers may have both: what could be read of them, and that not all could. */
type Read =
  | { readonly value: Value }
  | { readonly problem: string }
  | { readonly value: Value; readonly problem: string };

const ONCE: Read = { problem: 'must be given once, as text.' };
const NO_TEXT: Read = { problem: 'holds characters that are not text.' };
const NO_CHOICE: Read = { problem: 'must be one of the choices.' };

function readOne(field: FormField, raw: RawValue): Read {
  switch (field.kind) {
    case 'LINE':
    case 'TEXT':
      return typeof raw === 'string' ? readText(field, raw) : ONCE;
    case 'CHOICE':
      return typeof raw === 'string' ? readChoice(field.options, raw) : ONCE;
    case 'CHOICES':
      return readChoices(field.options, raw);
    case 'TICK':
      return readTick(raw);
    case 'ANSWERS':
      return readAnswers(field, raw);
  }
}

function readText({ kind, charactersMax }: LineField | TextField, raw: string): Read {
  const text = readableText(raw);
  if (text === null) return NO_TEXT;
  const value = kind === 'LINE' ? text.replace(/\s+/gu, ' ') : text;
  if ([...value].length <= charactersMax) return { value };
  return { problem: `must have at most ${charactersMax} characters.` };
}

function readChoice(options: readonly string[], raw: string): Read {
  const value = raw.trim().toUpperCase();
  return value === '' || options.includes(value) ? { value } : NO_CHOICE;
}

function readChoices(options: readonly string[], raw: RawValue): Read {
  const sent = typeof raw === 'string' ? [raw] : Array.isArray(raw) ? (raw as readonly string[]) : null;
  if (sent === null) return NO_CHOICE;
  const value = [...new Set(sent.map((one) => one.trim().toUpperCase()).filter((one) => one !== ''))];
  return value.every((one) => options.includes(one)) ? { value } : NO_CHOICE;
}

function readTick(raw: RawValue): Read {
  if (typeof raw === 'boolean') return { value: raw };
  if (typeof raw !== 'string') return ONCE;
  const said = raw.trim().toLowerCase();
  if (TICKED.has(said)) return { value: true };
  return NOT_TICKED.has(said) ? { value: false } : { problem: 'must be ticked or not.' };
}

/** What can be read is kept beside what cannot: one slip in a form must not hide an answer that means danger. */
function readAnswers({ options, answersMax }: AnswersField, raw: RawValue): Read {
  if (!(raw instanceof Map)) return { problem: 'must give an answer to each question, by its code.' };
  const sent = [...(raw as ReadonlyMap<string, RawAnswer>)];
  const value = new Map<string, string>();
  let isWhole = sent.length <= answersMax;
  for (const [code, answer] of sent) {
    const given = (Array.isArray(answer) ? (answer as readonly RawAnswer[]) : [answer]).map(wordOf);
    const gravest = options.find((option) => given.includes(option));
    if (given.length !== 1 || gravest === undefined || !ANSWER_CODE.test(code)) isWhole = false;
    if (gravest !== undefined && ANSWER_CODE.test(code)) value.set(code, gravest);
  }
  if (isWhole) return { value };
  return { value, problem: 'must give one of the answers to each question, once, by its code.' };
}

function wordOf(answer: RawAnswer): string | null {
  if (typeof answer === 'boolean') return answer ? 'YES' : 'NO';
  return typeof answer === 'string' ? answer.trim().toUpperCase() : null;
}
