// A person's name goes to the scanner as a DICOM Person Name (PS3.5 §6.2, VR PN). What a console would refuse on the
// day of the scan is refused here, at the desk, while the person is still there.

/** PS3.5 table 6.2-1: 64 characters a component group, its separators included. */
const NAME_GROUP_CHARACTERS_MAX = 64;

/** `^` and `=` separate the parts of a DICOM name, a backslash separates values; none can be escaped. */
const DICOM_SEPARATORS = /[\\^=]/;
/** Control characters, lone surrogates, line separators, and marks that turn the direction of what follows. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u;

export interface PersonName {
  readonly familyName: string;
  readonly givenName: string;
  readonly middleNames: string | null;
  readonly namePrefix: string | null;
}

export interface FieldProblem {
  readonly field: string;
  readonly message: string;
}

/** Unicode NFC, outer blanks off, and one ordinary space for every run of blanks inside. Control characters inside stay, to be refused. */
export function tidy(text: string): string {
  return text
    .normalize('NFC')
    .trim()
    .replace(/\p{Zs}+/gu, ' ');
}

/** The same, and null for nothing. */
export function tidyOrNull(text: string | null | undefined): string | null {
  const tidied = tidy(text ?? '');
  return tidied === '' ? null : tidied;
}

/** Characters as people and DICOM count them, not UTF-16 units. */
export function charactersIn(text: string): number {
  return [...text].length;
}

export function isPrintable(text: string): boolean {
  return !UNPRINTABLE.test(text);
}

function problemOfPart(field: string, part: string | null, required: boolean): FieldProblem[] {
  if (part === null || part === '') {
    return required ? [{ field, message: 'must not be empty or blank' }] : [];
  }
  if (!isPrintable(part)) return [{ field, message: 'must not contain control or invisible characters' }];
  if (DICOM_SEPARATORS.test(part)) {
    return [
      { field, message: 'must not contain \\ ^ or =, which separate the parts of a name on the scanner' },
    ];
  }
  return [];
}

function longestPartOf(name: PersonName): string {
  const parts = Object.entries(name).map(([field, part]) => [field, charactersIn(part ?? '')] as const);
  return parts.reduce((longest, part) => (part[1] > longest[1] ? part : longest), [
    'familyName',
    0,
  ] as const)[0];
}

/** Characters of the component group, counted as the database and the scanner do: the parts and three separators. */
export function nameGroupCharacters(name: PersonName): number {
  return charactersIn(
    [name.familyName, name.givenName, name.middleNames ?? '', name.namePrefix ?? ''].join('^'),
  );
}

/** What is wrong with a (tidied) name, part by part. A name that is too long as a whole is charged to its longest part. */
export function nameProblems(name: PersonName): readonly FieldProblem[] {
  const problems = [
    ...problemOfPart('familyName', name.familyName, true),
    ...problemOfPart('givenName', name.givenName, true),
    ...problemOfPart('middleNames', name.middleNames, false),
    ...problemOfPart('namePrefix', name.namePrefix, false),
  ];
  const length = nameGroupCharacters(name);
  if (length <= NAME_GROUP_CHARACTERS_MAX) return problems;
  const message =
    `the whole name has ${length} characters with its three separators, ` +
    `and the scanner takes ${NAME_GROUP_CHARACTERS_MAX}: shorten this part`;
  return [...problems, { field: longestPartOf(name), message }];
}
