import type { Problem } from './tree.js';

/** The closed vocabulary of src/clinic. */
const SUFFIXES = [
  'module',
  'type',
  'resolver',
  'controller',
  'service',
  'rules',
  'refusals',
  'queries',
  'jobs',
  'dicom',
];

const NOUN = '[a-z0-9]+(?:-[a-z0-9]+)*';

/** A file of a room: noun, suffix, perhaps spec. Only the letters are text for people and lie in a folder. */
const CLINIC_FILES = [
  new RegExp(`^src/clinic/${NOUN}/${NOUN}[.](?:${SUFFIXES.join('|')})(?:[.]spec)?[.]ts$`),
  new RegExp(`^src/clinic/${NOUN}/README[.]md$`),
  new RegExp(`^src/clinic/notifications/templates/${NOUN}(?:[.]${NOUN})*[.]hbs$`),
];

/** Layers are folders; a `.bin` is a recorded message that the spec beside it reads. */
const DICOM_FILES = [
  new RegExp(
    `^src/dicom/(?:(?:wire|dataset|dimse|association|services)/)?${NOUN}(?:[.](?:scp|port))?(?:[.]spec)?[.]ts$`,
  ),
  new RegExp(`^src/dicom/(?:wire|dataset|dimse|association|services)/${NOUN}[.]bin$`),
  /^src\/dicom\/README[.]md$/,
];

/** Words that say nothing about what is inside. */
const EMPTY_WORDS = ['helper', 'helpers', 'util', 'utils', 'manager', 'common', 'dto', 'interface', 'misc'];

function isOutsideVocabulary(path: string): boolean {
  if (path.startsWith('src/clinic/')) return !CLINIC_FILES.some((pattern) => pattern.test(path));
  if (path.startsWith('src/dicom/')) return !DICOM_FILES.some((pattern) => pattern.test(path));
  return false;
}

/** Names that the closed list does not have. */
export function nameProblems(paths: readonly string[]): Problem[] {
  return paths.flatMap((path) => {
    const empty = path.split(/[/.-]/).find((word) => EMPTY_WORDS.includes(word.toLowerCase()));
    if (empty !== undefined) return [`${path}: "${empty}" is no name; say what it holds`];
    return isOutsideVocabulary(path) ? [`${path}: its name is not in the closed list of suffixes`] : [];
  });
}

/** Rooms without a page that says what they hold. */
export function readmeProblems(rooms: readonly string[], paths: readonly string[]): Problem[] {
  const wanted = [...rooms.map((room) => `src/clinic/${room}/README.md`), 'src/dicom/README.md'];
  return wanted.filter((path) => !paths.includes(path)).map((path) => `${path}: is missing`);
}
