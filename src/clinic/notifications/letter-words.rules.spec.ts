import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import {
  lengthInWords,
  paragraphsOf,
  plainLine,
  ringWhom,
  toLetterVariables,
  toNamedLetterVariables,
  toPlaceVariables,
} from './letter-words.rules.js';

const setting = {
  clinicName: 'Facet',
  clinicAddressLines: ['1 Harbour Street', 'London'],
  ring: 'ring 020 7946 0000',
  timeZone: 'Europe/London',
  wordingVersion: '1',
};

describe('the words of every letter', () => {
  it.each([
    ['PT4H30M', '4 hours and 30 minutes'],
    ['PT61M', '1 hour and 1 minute'],
    ['PT45M', '45 minutes'],
    ['PT0S', '0 minutes'],
  ])('%s is %s', (length, words) => {
    expect(lengthInWords(Temporal.Duration.from(length))).toBe(words);
  });

  it('greet by the title, or by the whole name when there is none', () => {
    const named = { familyName: 'Groß', givenName: 'Jürgen', namePrefix: null };
    expect(toLetterVariables(named, setting).greetingName).toBe('Jürgen Groß');
    expect(toLetterVariables({ ...named, namePrefix: 'Dr' }, setting).greetingName).toBe('Dr Groß');
  });

  it('name a number only where there is one', () => {
    expect(ringWhom('020 7946 0000')).toBe('ring 020 7946 0000');
    expect(ringWhom(undefined)).toBe('ring reception');
  });
});

describe('what somebody typed', () => {
  it.each([
    ['Zoë Ng', 'Zoë Ng'],
    ['  Zoë \t Ng\n', 'Zoë Ng'],
    ['Zoë\r\nBcc: all@example.org', 'Zoë Bcc: all@example.org'],
    ['Zoë\u2028\u2029\u0000\u0085Ng', 'Zoë Ng'],
    ['\u202egnp.exe', 'gnp.exe'],
    ['Zoë\u2066\u200f\u061c \u2069Ng', 'Zoë Ng'],
    ['محمد علي', 'محمد علي'],
    ['', ''],
    ['\u200b\ufeff', ''],
  ])('%j stands as %j on one line', (typed, line) => {
    expect(plainLine(typed)).toBe(line);
  });

  it('is cut between characters, never inside one', () => {
    const line = plainLine('🙂'.repeat(500));
    expect([...line]).toHaveLength(120);
    expect(line).toBe('🙂'.repeat(120));
  });

  it('keeps its paragraphs and lines, whatever ends them', () => {
    expect(paragraphsOf('One\r\ntwo\n\n\n three\u2029four\r\r')).toEqual([
      ['One', 'two'],
      [' three', 'four'],
    ]);
    expect(paragraphsOf('\n \n')).toEqual([]);
    expect(paragraphsOf('a\u202eb\u0007c')).toEqual([['a b c']]);
  });

  it('greets somebody of whom one name is known, or none', () => {
    expect(toNamedLetterVariables('Zoë\nNg', setting).greetingName).toBe('Zoë Ng');
    expect(toNamedLetterVariables(null, setting).greetingName).toBe('');
  });
});

describe('the place', () => {
  it('is the site’s own address with its name, or else the clinic’s', () => {
    const north = { name: 'North', addressLines: ['2 Hill Road', 'York'] };
    const wish = { modality: 'IN_PERSON', site: north } as const;
    expect(toPlaceVariables(wish, setting).addressLines).toEqual(['North', '2 Hill Road', 'York']);
    const bare = { ...wish, site: { ...north, addressLines: [] } };
    expect(toPlaceVariables(bare, setting).addressLines).toEqual(['1 Harbour Street', 'London']);
    expect(toPlaceVariables(bare, { ...setting, clinicAddressLines: [] }).addressLines).toEqual([]);
  });

  it.each([
    ['IN_PERSON', true, false, false],
    ['TELEPHONE', false, true, false],
    ['VIDEO', false, false, true],
  ] as const)('of %s is one thing', (modality, isInPerson, isByTelephone, isByVideo) => {
    const site = { name: 'North', addressLines: ['2 Hill Road'] };
    const place = toPlaceVariables({ modality, site }, setting);
    expect(place).toMatchObject({ isInPerson, isByTelephone, isByVideo });
    expect(place.addressLines.length > 0).toBe(isInPerson);
  });
});
