import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mediaTypeOf, readBody } from './public-form-body.js';
import { type FormField, readableText, readFields } from './public-form-field.js';
import { newNonce, readToken, signToken } from './public-form-token.js';

const bytes = (text: string) => new TextEncoder().encode(text);
const urlEncoded = (text: string) => readBody(bytes(text), 'application/x-www-form-urlencoded');
const json = (value: unknown) => readBody(bytes(JSON.stringify(value)), 'application/json');

const FIELDS: readonly FormField[] = [
  { name: 'name', kind: 'LINE', charactersMax: 10 },
  { name: 'message', kind: 'TEXT', charactersMax: 50 },
  { name: 'way', kind: 'CHOICE', options: ['EMAIL', 'TELEPHONE'] },
  { name: 'areas', kind: 'CHOICES', options: ['NECK', 'KNEE'] },
  { name: 'tick', kind: 'TICK' },
  { name: 'flags', kind: 'ANSWERS', options: ['YES', 'NO'], answersMax: 3 },
];

describe('the body of a form', () => {
  it('is JSON or form-encoded, in UTF-8', () => {
    expect(mediaTypeOf('application/json')).toBe('application/json');
    expect(mediaTypeOf('Application/X-WWW-Form-Urlencoded; charset=UTF-8')).toBe(
      'application/x-www-form-urlencoded',
    );
    for (const type of [
      undefined,
      '',
      'text/plain',
      'multipart/form-data',
      'application/json; charset=utf-16',
    ]) {
      expect(mediaTypeOf(type)).toBeNull();
    }
  });

  it('says the same in both writings', () => {
    const one = urlEncoded('name=Ann+Lee&areas=NECK&areas=KNEE&flags.A=yes&flags[B]=no&tick=on');
    const other = json({
      name: 'Ann Lee',
      areas: ['NECK', 'KNEE'],
      flags: { A: 'yes', B: 'no' },
      tick: 'on',
    });
    expect(one).toEqual(other);
    expect(urlEncoded('areas[]=NECK&areas[]=KNEE')).toEqual(json({ areas: ['NECK', 'KNEE'] }));
  });

  it('is refused when it is broken or is no form', () => {
    for (const text of ['name=%', 'name=%ff']) {
      expect(urlEncoded(text)).toBeNull();
    }
    for (const value of [[], 'x', 1, null, { a: [['x']] }, { a: [1] }]) {
      expect(json(value)).toBeNull();
    }
    expect(readBody(bytes('{'), 'application/json')).toBeNull();
    expect(readBody(Uint8Array.of(0x22, 0xff, 0x22), 'application/json')).toBeNull();
    expect(urlEncoded(Array.from({ length: 201 }, (_, at) => `a${at}=1`).join('&'))).toBeNull();
  });

  it('names nothing that the language knows', () => {
    const hostile = '{"__proto__":{"isAdmin":"yes"},"constructor":"x","name":"Ann"}';
    const raw = readBody(bytes(hostile), 'application/json');
    expect(raw).not.toBeNull();
    const { problems, values } = readFields(raw ?? new Map(), FIELDS);
    expect(problems).toEqual([{ field: 'form', message: 'holds a field that this form does not have.' }]);
    expect(values.text('name')).toBe('Ann');
    expect(Reflect.get({}, 'isAdmin')).toBeUndefined();
    const pairs = urlEncoded('__proto__[isAdmin]=yes&flags[__proto__]=YES&flags[constructor]=YES');
    expect(readFields(pairs ?? new Map(), FIELDS).problems.map(({ field }) => field)).toEqual([
      'flags',
      'form',
    ]);
    expect(Reflect.get({}, 'isAdmin')).toBeUndefined();
  });
});

describe('the fields of a form', () => {
  const read = (value: unknown) => readFields(json(value) ?? new Map(), FIELDS);

  it('are tidied, and what looks like markup stays text', () => {
    const { values, problems } = read({
      name: ' Ze\u0301  ',
      message: '<script>alert(1)</script>\r\n\u202eabc\ufeff',
      way: 'email',
      areas: 'neck',
      tick: true,
      flags: { A_1: 'yes' },
    });
    expect(problems).toEqual([]);
    expect(values.text('name')).toBe('Zé');
    expect(values.text('message')).toBe('<script>alert(1)</script>\nabc');
    expect(values.text('way')).toBe('EMAIL');
    expect(values.choices('areas')).toEqual(['NECK']);
    expect(values.isTicked('tick')).toBe(true);
    expect([...values.answers('flags')]).toEqual([['A_1', 'YES']]);
  });

  it.each([
    ['name', 'x'.repeat(11), 'at most 10'],
    ['name', 'a\u0000b', 'not text'],
    ['message', 'a\u001bb', 'not text'],
    ['name', ['a', 'b'], 'once'],
    ['name', { a: 'b' }, 'once'],
    ['way', 'FAX', 'choices'],
    ['way', ['EMAIL', 'EMAIL'], 'once'],
    ['areas', ['NECK', 'MOON'], 'choices'],
    ['areas', { NECK: 'yes' }, 'choices'],
    ['tick', 'perhaps', 'ticked'],
    ['flags', 'YES', 'code'],
    ['flags', { A: 'perhaps' }, 'answers'],
    ['flags', { lower: 'YES' }, 'answers'],
    ['flags', { A: 1 }, 'answers'],
    ['flags', { A: { B: 'YES' } }, 'answers'],
    ['flags', { A: null }, 'answers'],
    ['flags', { A: [] }, 'answers'],
    ['flags', { AA: 'YES', BB: 'YES', CC: 'YES', DD: 'YES' }, 'answers'],
  ])('%s as %j is refused by its rule', (field, value, words) => {
    const { problems } = read({ [field]: value });
    expect(problems.map((problem) => problem.field)).toEqual([field]);
    expect(problems[0]?.message).toContain(words);
  });

  it.each([
    ['beside an answer that is none', json({ flags: { A: 'yes', B: 'perhaps', C: { D: 1 } } }), { A: 'YES' }],
    ['beside a code that is none', json({ flags: { A: 'YES', b: 'NO' } }), { A: 'YES' }],
    ['among too many', json({ flags: { A: 'NO', B: 'YES', C: 'NO', D: 'NO' } }), 'ANYTHING'],
    ['of two', urlEncoded('flags.A=no&flags[A]=yes&flags.B=no'), { A: 'YES', B: 'NO' }],
    ['of two, one of which is none', urlEncoded('flags.A=yes&flags.A=perhaps'), { A: 'YES' }],
    ['in a list', json({ flags: { A: [false, true], B: 'NO' } }), { A: 'YES', B: 'NO' }],
    ['beside a stray value', urlEncoded('flags.A=yes&flags=no'), { A: 'YES' }],
    ['after a stray value', urlEncoded('flags=no&flags[]=no&flags.A=yes&flags=x'), { A: 'YES' }],
  ])('keep an answer that means danger %s, and say that not all can be read', (_, raw, kept) => {
    const { values, problems } = readFields(raw ?? new Map(), FIELDS);
    expect(problems.map(({ field }) => field)).toEqual(['flags']);
    const answers = Object.fromEntries(values.answers('flags'));
    expect(answers).toEqual(kept === 'ANYTHING' ? expect.objectContaining({ B: 'YES' }) : kept);
  });

  it('take true and false for yes and no in JSON', () => {
    const { values, problems } = read({ flags: { A: true, B: false } });
    expect(problems).toEqual([]);
    expect(Object.fromEntries(values.answers('flags'))).toEqual({ A: 'YES', B: 'NO' });
  });

  it('never repeat what was sent, whatever it was', () => {
    const strange = fc.string({ minLength: 12, maxLength: 60, unit: 'binary' });
    fc.assert(
      fc.property(fc.constantFrom(...FIELDS.map(({ name }) => name)), strange, (field, text) => {
        const { problems } = readFields(
          new Map([
            [field, text],
            [text, text],
          ]),
          FIELDS,
        );
        expect(JSON.stringify(problems).includes(JSON.stringify(text).slice(1, -1))).toBe(false);
      }),
    );
  });

  it('have the same fingerprint in whatever order they come, and another for another word', () => {
    const one = read({ name: 'Ann', areas: ['KNEE', 'NECK'] }).values.fingerprintText([]);
    expect(read({ areas: ['NECK', 'KNEE'], name: 'Ann' }).values.fingerprintText([])).toBe(one);
    expect(read({ areas: ['NECK', 'KNEE'], name: 'Anne' }).values.fingerprintText([])).not.toBe(one);
  });

  it('hold no unseen mark and no pile of accents once they are read', () => {
    expect(readableText('a\u200b\u2066b\u2069')).toBe('ab');
    expect(readableText(`Z${'\u0336'.repeat(50)}algo`)?.length).toBeLessThan(12);
    expect(readableText('a\ud800')).toBeNull();
    expect(readableText('می‌خواهم')).toBe('می‌خواهم');
  });
});

describe('the token of a form', () => {
  const secret = Uint8Array.from({ length: 32 }, (_, at) => at);
  const token = { form: 'enquiry', nonce: newNonce(), shownAtMs: 1_700_000_000_000, facts: { notice: '1' } };

  it('says what it was made with, to whoever has the secret', () => {
    const text = signToken(secret, token);
    expect(readToken(secret, 'enquiry', text)).toEqual(token);
    expect(readToken(secret, 'another', text)).toBeNull();
    expect(readToken(Uint8Array.of(1), 'enquiry', text)).toBeNull();
  });

  it('is believed only whole and unchanged', () => {
    const text = signToken(secret, token);
    const [said = '', signature = ''] = text.split('.');
    const forged = Buffer.from(JSON.stringify({ ...token, shownAtMs: 0 })).toString('base64url');
    for (const other of [
      '',
      '.',
      'x',
      `${forged}.${signature}`,
      said,
      `${said}.`,
      `${text}.x`,
      'x'.repeat(2_000),
    ]) {
      expect(readToken(secret, 'enquiry', other)).toBeNull();
    }
    fc.assert(
      fc.property(fc.nat({ max: said.length - 1 }), fc.constantFrom('A', 'b', '_'), (at, letter) => {
        const changed = `${said.slice(0, at)}${letter}${said.slice(at + 1)}`;
        fc.pre(changed !== said);
        expect(readToken(secret, 'enquiry', `${changed}.${signature}`)).toBeNull();
      }),
    );
  });
});
