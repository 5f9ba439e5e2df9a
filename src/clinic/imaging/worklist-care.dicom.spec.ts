import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oneText, plainText, severalTexts } from './worklist-care.dicom.js';

const LONG_STRING_MAX = 64;
const lengthOf = (text: string) => [...text].length;
const anyText = fc.string({ unit: 'grapheme', maxLength: 200 });

describe('texts for a scanner', () => {
  it('have neither backslashes nor control characters', () => {
    expect(plainText(' a\\b\tc\r\nd ')).toBe('a b c d');
  });

  it('are values of their own, cut where DICOM cuts', () => {
    const long = 'x'.repeat(80);
    expect(severalTexts(['Latex', '', long])).toEqual(['Latex', `${'x'.repeat(61)}...`]);
  });

  it('say how many more there are, where a console would show no end', () => {
    const many = Array.from({ length: 30 }, (_, at) => `Allergy ${at}`);
    const told = severalTexts(many);
    expect(told).toHaveLength(12);
    expect(told.at(-1)).toBe('19 more in Facet');
  });

  it('are one value, with as many as have room', () => {
    expect(oneText(['Wheelchair', 'Speaks: Polish'])).toBe('Wheelchair; Speaks: Polish');
    expect(oneText([])).toBe('');
    const texts = ['Needs a British Sign Language interpreter', 'Wheelchair', 'Speaks: Polish'];
    expect(oneText(texts)).toBe('Needs a British Sign Language interpreter; Wheelchair; +1 more');
    expect(oneText(['y'.repeat(70), 'Wheelchair'])).toBe(`${'y'.repeat(52)}...; +1 more`);
  });

  it('are legal whatever was written', () => {
    fc.assert(
      fc.property(fc.array(anyText, { maxLength: 20 }), (texts) => {
        for (const value of [...severalTexts(texts), oneText(texts)]) {
          expect(lengthOf(value)).toBeLessThanOrEqual(LONG_STRING_MAX);
          expect(value).not.toMatch(/[\\\p{Cc}]/u);
          expect(value).toBe(value.trim());
        }
      }),
    );
  });
});
