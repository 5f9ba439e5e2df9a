import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import { givenAway, type Identifiers, identifiersIn } from './identifier.rules.js';

const person: Identifiers = {
  names: ['Ó Súilleabháin-Bone', 'Anna-Maria', 'Jo'],
  dateOfBirth: Temporal.PlainDate.from('1984-12-03'),
  numbers: ['F0000123', '9990000018', '+447700900123'],
  emails: ['anna.maria@post.example'],
  postcode: 'EX1 2AB',
  addressLines: ['12 Orchard Lane', 'Exampleton'],
};

describe('by what a text gives somebody away', () => {
  it.each<[string, string[]]>([
    ['A patient of 42 received 800 MBq that was meant for another.', []],
    ['The injection was given to O’Suilleabhain.', ['NAME']],
    ['The injection was given to SUILLEABHAIN by mistake.', ['NAME']],
    ['Patient "Súilleabháin", wrong arm band.', ['NAME']],
    ['Given to anna instead.', ['NAME']],
    ['Hannah was not there.', []],
    ['Given to Jo.', ['NAME']],
    ['The job was done by two.', []],
    ['A bone scan.', ['NAME']],
    ['Born 3/12/1984.', ['DATE_OF_BIRTH']],
    ['Born 03.12.84.', ['DATE_OF_BIRTH']],
    ['Born 1984-12-03.', ['DATE_OF_BIRTH']],
    ['Born on 3rd December 1984.', ['DATE_OF_BIRTH']],
    ['Born Dec 3, 1984.', ['DATE_OF_BIRTH']],
    ['It happened on 3 December 2026.', []],
    ['NHS number 999 000 0018.', ['NUMBER']],
    ['NHS number 999-000-0018.', ['NUMBER']],
    ['Ring 07700 900123.', ['NUMBER']],
    ['Ring +44 7700 900 123.', ['NUMBER']],
    ['Our number f0000123.', ['NUMBER']],
    ['Accession F00001234.', []],
    ['Written to Anna.Maria@Post.Example.', ['NAME', 'EMAIL']],
    ['Lives at 12, Orchard Lane.', ['ADDRESS']],
    ['Lives in ex12ab.', ['ADDRESS']],
    ['Lives in exampleton', ['ADDRESS']],
    ['Given to osuilleabhainbone.', ['NAME']],
    ['File joannamaria.pdf was open.', ['NAME']],
    ['The Bones were told.', ['NAME']],
    ['Born on the 3rd of December, 1984.', ['DATE_OF_BIRTH']],
    ['Born 19841203.', ['DATE_OF_BIRTH']],
    ['Born 03121984 or so.', ['DATE_OF_BIRTH']],
    ['Born 1984-12-03T00:00Z.', ['DATE_OF_BIRTH']],
    ['Born 3-Dec-84.', ['DATE_OF_BIRTH']],
    ['Born 13/12/1984.', []],
    ['Born 3/12/19841.', []],
    ['NHS number 999/000/0018, 800 MBq.', ['NUMBER']],
    ['Our number F-0000123 5 mSv.', ['NUMBER']],
    ['Our number 0000123.', ['NUMBER']],
    ['Lives at 12 Orchard Ln.', ['ADDRESS']],
    ['Lives in EX1-2AB.', ['ADDRESS']],
    ['Written to anna.maria @ post.example', ['NAME', 'EMAIL']],
    ['', []],
  ])('%s', (text, found) => {
    expect(identifiersIn(text, person)).toEqual(found);
  });
});

const called = (...names: string[]): Identifiers => ({ ...person, names });

describe('a name', () => {
  it.each([
    ['Müller', 'Given to Mueller.'],
    ['Mueller', 'Given to Müller.'],
    ['Łukasz', 'Given to LUKASZ.'],
    ['Sørensen', 'Given to Sorensen and to Soerensen.'],
    ['Weiß', 'Given to WEISS.'],
    ['李小龙', '患者李小龙接受了注射。'],
    ['O’Brien', 'Given to OBrien.'],
    ['O’Brien', 'Given to O`Brien’s neighbour.'],
    ['Smith', 'Given to S\u200Bmith.'],
  ])('%s is found in: %s', (name, text) => {
    expect(identifiersIn(text, called(name))).toEqual(['NAME']);
  });
});

describe('a member of staff', () => {
  const staffNames = ['Dr Grace Young', 'Nurse Anna O’Neill', 'ward clerk', 'Prof. Jean-Luc de la Tour'];
  it.each([
    ['Young drew it up.', true],
    ['A young patient was seen.', false],
    ['grace young drew it up.', true],
    ['O’Neill had asked twice.', true],
    ['The Tour was late.', true],
    ['The ward clerk was not told.', true],
    ['The clerk was not told.', false],
  ])('%s', (text, isFound) => {
    expect(givenAway(text, { people: [], staffNames })).toEqual(isFound ? ['STAFF_NAME'] : []);
  });
});

/** Ways in which people write one thing, each from what is kept. */
const separators = fc.constantFrom(' ', '-', '/', '.', ' - ', '\n');
const pad = (number: number) => String(number).padStart(2, '0');
const longMonths =
  'January February March April May June July August September October November December'.split(' ');
const planted = fc
  .record({
    family: fc.constantFrom(
      'Featherstone',
      'Ó Súilleabháin',
      'Müller-Weiß',
      'Nguyễn',
      'O’Brien',
      'Łoś',
      'van der Berg',
    ),
    given: fc.constantFrom('Zebedee', 'Anna-Maria', 'Þóra', 'Jo', 'Chloë'),
    day: fc.integer({ min: 1, max: 28 }),
    month: fc.integer({ min: 1, max: 12 }),
    year: fc.integer({ min: 1930, max: 2024 }),
    nhs: fc.integer({ min: 4_000_000_000, max: 4_999_999_999 }).map(String),
    local: fc.integer({ min: 1, max: 9_999_999 }).map((number) => `F${String(number).padStart(7, '0')}`),
    separator: separators,
    how: fc.integer({ min: 0, max: 12 }),
    before: fc.constantFrom('', 'It went wrong: ', '(800 MBq) '),
    after: fc.constantFrom('', ', as we know.', ' 3 mSv', '\n'),
  })
  .map((of) => {
    const { family, given, day, month, year, nhs, local, separator, how, before, after } = of;
    const name = longMonths[month - 1] ?? '';
    const ways = [
      ...[family, family.toUpperCase(), given.toLowerCase(), `${given}${separator}${family}`],
      ...[
        family.normalize('NFD'),
        [day, month, year].join(separator === '\n' ? ' ' : separator.trim() || ' '),
      ],
      ...[
        `${year}-${pad(month)}-${pad(day)}`,
        `${year}${pad(month)}${pad(day)}`,
        `${day} of ${name} ${year}`,
      ],
      ...[
        `${name.slice(0, 3)} ${day}, ${year}`,
        [nhs.slice(0, 3), nhs.slice(3, 6), nhs.slice(6)].join(separator),
      ],
      ...[local, `${local.slice(0, 1)}${separator}${local.slice(1)}`],
    ];
    const identifiers: Identifiers = {
      ...person,
      names: [family, given],
      dateOfBirth: Temporal.PlainDate.from({ year, month, day }),
      numbers: [nhs, local],
    };
    return { identifiers, text: `${before}${ways[how] ?? family}${after}` };
  });

describe('what is planted in a text', () => {
  it('is found, however it is written and whatever stands around it', () => {
    fc.assert(
      fc.property(planted, ({ identifiers, text }) => {
        expect(identifiersIn(text, identifiers)).not.toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
