import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NoteItemCode } from '../../platform/database/generated/enums.js';
import {
  isSameContent,
  type NoteContentFacts,
  type NoteItemFacts,
  problemsOf,
  signedAddendum,
  signedText,
} from './note-content.rules.js';

const item = (parts: Partial<NoteItemFacts> = {}): NoteItemFacts => ({
  ...{ code: 'PLAN', text: 'Walk', value: null, unit: null },
  ...parts,
});
const OF = { sectionId: 'section', authorId: 'author', discipline: 'NURSING' } as const;

const items = fc.array(
  fc.record({
    code: fc.constantFrom(...Object.values(NoteItemCode)),
    text: fc.string(),
    value: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
    unit: fc.option(fc.string({ minLength: 1 })),
  }),
  { maxLength: 4 },
);
const contents = fc.record({ text: fc.string(), items });

describe('what stands in the way of signing', () => {
  it.each<[NoteContentFacts, readonly string[]]>([
    [{ text: 'Better.', items: [] }, []],
    [{ text: '', items: [item()] }, []],
    [{ text: ' \n\t', items: [] }, ['Write something, or enter an item.']],
    [{ text: '', items: [item({ text: ' ' })] }, ['Item 1: say what it is.']],
    [{ text: '', items: [item({ code: 'MEASURE' })] }, ['Item 1: enter the value that was measured.']],
    [{ text: '', items: [item({ code: 'MEASURE', value: 0 })] }, []],
    [{ text: '', items: [item({ code: 'MEASURE', value: 40, unit: 'degrees' })] }, []],
    [{ text: '', items: [item(), item({ value: 3 })] }, ['Item 2: only a measure has a value and a unit.']],
  ])('of %j is %j', (content, problems) => {
    expect(problemsOf(content)).toEqual(problems);
  });
});

describe('a fingerprint', () => {
  it('is of the same text for the same text, whatever the order of its fields', () => {
    const turned = { unit: null, value: null, text: 'Walk', code: 'PLAN' } as const;
    expect(signedText(OF, { text: 'a', items: [item()] })).toBe(
      signedText(OF, { items: [turned], text: 'a' }),
    );
  });

  it('differs when anything does', () => {
    fc.assert(
      fc.property(contents, contents, (a, b) => {
        expect(signedText(OF, a) === signedText(OF, b)).toBe(isSameContent(a, b));
      }),
    );
    const content = { text: 'a', items: [] };
    expect(signedText({ ...OF, discipline: 'PSYCHOLOGY' }, content)).not.toBe(signedText(OF, content));
    expect(signedText({ ...OF, sectionId: 'other' }, content)).not.toBe(signedText(OF, content));
    expect(signedText({ ...OF, authorId: 'other' }, content)).not.toBe(signedText(OF, content));
    expect(signedAddendum(OF, 1, 'ADDITION', 'a')).not.toBe(signedAddendum(OF, 2, 'ADDITION', 'a'));
    expect(signedAddendum(OF, 1, 'ADDITION', 'a')).not.toBe(signedAddendum(OF, 1, 'CORRECTION', 'a'));
  });
});
