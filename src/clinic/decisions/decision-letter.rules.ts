import type { DecisionKind, LetterAudience, PatientChoice } from '../../platform/database/generated/enums.js';

/** What a letter is drafted from: what was signed, and what was decided with the patient since. */
export interface LetterFacts {
  readonly kind: DecisionKind;
  readonly question: string;
  readonly recommendation: string | null;
  readonly reason: string | null;
  readonly options: readonly {
    readonly option: string;
    readonly inFavour: string;
    readonly against: string;
  }[];
  readonly evidence: readonly string[];
  readonly dissent: readonly string[];
  readonly followUp: string | null;
  /** What was added after the signature, in order. */
  readonly addenda: readonly string[];
  readonly steps: readonly string[];
  readonly choice: PatientChoice | null;
  readonly chosen: string | null;
}

const CHOICE_FOR_PATIENT = {
  ACCEPTED: 'You told us that you would like to go ahead with this.',
  OTHER_OPTION: 'You told us that you would rather choose something else.',
  DECLINED:
    'You told us that you do not want this. That is your choice, and we will go on looking after you.',
  WANTS_TIME: 'You told us that you would like time to think. Take the time that you need.',
} as const satisfies Record<PatientChoice, string>;

const CHOICE_FOR_CLINICIAN = {
  ACCEPTED: 'Patient and clinician have decided to go ahead.',
  OTHER_OPTION: 'Patient and clinician have decided on another option.',
  DECLINED: 'The patient has decided against it.',
  WANTS_TIME: 'The patient has asked for time to decide.',
} as const satisfies Record<PatientChoice, string>;

/** Whoever referred the patient, as the referral names them; `entry` null: they are in no directory. */
export interface KnownReferrer {
  readonly name: string | null;
  readonly organisation: string | null;
  readonly entry: DirectoryEntry | null;
}

/** Somebody in the directory, and where they work. */
export interface DirectoryEntry {
  readonly id: string;
  readonly name: string;
  readonly organisation: string | null;
  readonly odsCode: string | null;
}

/** Whether a letter to the referrer may go there: to them, or to a colleague at the same practice. */
export function isReferrerOrTheirPractice(
  to: DirectoryEntry,
  { name, organisation, entry }: KnownReferrer,
): boolean {
  if (entry === null) return isSame(to.name, name) || isSame(to.organisation, organisation);
  return (
    to.id === entry.id || isSame(to.odsCode, entry.odsCode) || isSame(to.organisation, entry.organisation)
  );
}

/** Two that nobody has named are not the same. */
export function isSame(one: string | null, other: string | null): boolean {
  return one !== null && other !== null && plain(one) === plain(other);
}

function plain(words: string): string {
  return words.normalize('NFC').replace(/\s+/g, ' ').trim().toLowerCase();
}

/** The first draft of a letter; a clinician writes in it and approves it. */
export function draftLetter(audience: LetterAudience, facts: LetterFacts): string {
  switch (audience) {
    case 'PATIENT':
      return forPatient(facts);
    case 'GP':
      return forClinician('Our multidisciplinary team discussed your patient.', facts);
    case 'REFERRER':
      return forClinician(
        'Thank you for referring this patient. Our multidisciplinary team discussed what you asked.',
        facts,
      );
  }
}

function forPatient(facts: LetterFacts): string {
  return paragraphs([
    'Our team of specialists met and talked about how we can help you. These are people who treat pain from different sides.',
    `The question was: ${facts.question}`,
    facts.recommendation === null
      ? `The team has not advised anything yet. The reason: ${facts.reason ?? ''}`
      : `What the team advises: ${facts.recommendation}`,
    list(
      'We also talked about these other ways:',
      facts.options.map(({ option }) => option),
    ),
    facts.choice === null
      ? 'Nothing is decided without you. We will talk about it with you, and you can ask us anything.'
      : [CHOICE_FOR_PATIENT[facts.choice], facts.chosen].filter((line) => line !== null).join(' '),
    facts.addenda.join('\n\n'),
    list('What happens next:', facts.steps),
    facts.followUp,
    'If anything is unclear, or if things change, please ring us.',
  ]);
}

function forClinician(opening: string, facts: LetterFacts): string {
  return paragraphs([
    `${opening} Question: ${facts.question}`,
    facts.recommendation === null
      ? `No recommendation was made. Reason: ${facts.reason ?? ''}`
      : `Recommendation: ${facts.recommendation}`,
    list(
      'Options considered:',
      facts.options.map(({ option, inFavour, against }) => `${option}. For: ${inFavour} Against: ${against}`),
    ),
    list('Evidence:', facts.evidence),
    list('Dissent:', facts.dissent),
    list('Added since:', facts.addenda),
    facts.choice === null
      ? 'The patient has not decided yet.'
      : [CHOICE_FOR_CLINICIAN[facts.choice], facts.chosen].filter((line) => line !== null).join(' '),
    list('Actions:', facts.steps),
    facts.followUp === null ? null : `Follow-up: ${facts.followUp}`,
  ]);
}

function list(heading: string, items: readonly string[]): string | null {
  return items.length === 0 ? null : [heading, ...items.map((item) => `- ${item}`)].join('\n');
}

function paragraphs(parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null && part !== '').join('\n\n');
}
