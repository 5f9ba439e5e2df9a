import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import { checksums, manifest, readme, safePath, sectionFile } from './subject-access-copy.rules.js';

const section = {
  name: 'notes',
  about: 'Notes.',
  records: [
    { id: 'a', text: 'Her sister rang.', by: 'staff' },
    { id: 'b', text: '', by: 'staff' },
    { id: 'c', text: 'Fine.', by: 'staff' },
  ],
  thirdPartyFields: ['text'],
};

describe('a file of a copy', () => {
  it('marks what may speak of other people, where there is something', () => {
    const file = sectionFile('visits', section, []);
    expect(file).toMatchObject({ path: 'visits/notes.json', thirdPartyCount: 2 });
    expect(JSON.parse(file.text)).toMatchObject({
      about: 'Notes.',
      records: [{ id: 'a', mayConcernOthers: ['text'] }, { id: 'b', by: 'staff' }, { id: 'c' }],
    });
  });

  it('leaves out what was withheld and says why, and nothing else', () => {
    const withheld = (recordId: string, field: string) => ({
      path: 'visits/notes.json',
      recordId,
      field,
      reason: 'A relative.',
    });
    const file = sectionFile('visits', section, [
      withheld('a', 'text'),
      withheld('c', ''),
      { ...withheld('b', 'text'), path: 'imaging/notes.json' },
    ]);
    expect(file.thirdPartyCount).toBe(0);
    expect(JSON.parse(file.text).records).toEqual([
      { id: 'a', text: { withheld: 'A relative.' }, by: 'staff' },
      { id: 'b', text: '', by: 'staff' },
      { id: 'c', withheld: 'A relative.' },
    ]);
    expect(file.text).not.toContain('sister');
  });
});

describe('the index', () => {
  const files = [
    { path: 'visits/notes.json', sha256: 'b'.repeat(64), sizeBytes: 2 },
    { path: 'patients/patient.json', sha256: 'a'.repeat(64), sizeBytes: 1 },
  ];

  it('names every file by path, and what was left out', () => {
    const text = manifest({
      ...{ requestId: 'r', localNumber: 'F0000001', files },
      preparedAt: Temporal.Instant.from('2027-02-01T09:00:00Z'),
      withholdings: [{ path: 'visits/notes.json', recordId: 'a', field: '', reason: 'A relative.' }],
    });
    expect(JSON.parse(text)).toMatchObject({
      preparedAt: '2027-02-01T09:00:00Z',
      files: [{ path: 'patients/patient.json' }, { path: 'visits/notes.json' }],
      withheld: [{ recordId: 'a', field: null, reason: 'A relative.' }],
    });
  });

  it('has the form that sha256sum reads', () => {
    expect(checksums(files)).toBe(
      `${'a'.repeat(64)}  patients/patient.json\n${'b'.repeat(64)}  visits/notes.json\n`,
    );
  });

  it('tells the person what they hold and what they may do', () => {
    expect(readme('F0000001', '1 February 2027', ['patients', 'visits'])).toMatch(
      /F0000001[\s\S]*visits\/[\s\S]*ico\.org\.uk/,
    );
  });
});

describe('a path in the archive', () => {
  it.each([
    ['letter.pdf', 'documents/letter.pdf'],
    ['../../etc/passwd', 'documents/etc/passwd'],
    ['/abs/olute.pdf', 'documents/abs/olute.pdf'],
    ['a\\b:c*?.pdf', 'documents/a_b_c__.pdf'],
    ['..', 'documents/file'],
    ['Zoë 1.pdf', 'documents/Zoë 1.pdf'],
  ])('%s becomes %s', (path, expected) => {
    expect(safePath('documents', path)).toBe(expected);
  });

  it('never leads out of its folder', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (path) => {
        const safe = safePath('documents', path);
        expect(safe.startsWith('documents/')).toBe(true);
        expect(safe.split('/').every((part) => part !== '' && part !== '.' && part !== '..')).toBe(true);
        expect(safe).not.toMatch(/[\\\p{Cc}]/u);
      }),
    );
  });
});
