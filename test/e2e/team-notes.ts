import type { SignedInClient } from '../support/graphql.js';
import { done } from './asking.js';
import type { Member, TeamClinic } from './team-clinic.js';

// Notes as they are written: kept, signed as they were seen, locked.

export const SECTION = `NoteSection { id noteId status discipline isWithheld content { text } addendaCount
  draft { version fingerprint content { text } } }`;
export const KEEP = {
  verb: 'keepNoteDraft',
  wanted: `${SECTION} ... on NoteConflict { sectionId keptVersion yoursKeptAs
    kept { text } yours { text } base { text } }`,
} as const;
export const SIGN = { verb: 'signNote', wanted: SECTION } as const;

export interface SectionSeen {
  readonly id: string;
  readonly noteId: string;
  readonly status: string;
  readonly discipline: string;
  readonly isWithheld: boolean;
  readonly content: { readonly text: string } | null;
  readonly addendaCount: number;
  readonly draft: {
    readonly version: number;
    readonly fingerprint: string;
    readonly content: { readonly text: string };
  } | null;
}

/** What comes back when another window was quicker. */
export interface Conflict {
  readonly code: string;
  readonly sectionId: string;
  readonly keptVersion: number;
  readonly yoursKeptAs: number | null;
  readonly kept: { readonly text: string };
  readonly yours: { readonly text: string } | null;
  readonly base: { readonly text: string } | null;
}

export const aText = (text: string) => ({ text, items: [{ code: 'IMPRESSION', text: 'Facet pain.' }] });

/** What is signed: the version that was seen. */
export function seen({ id, draft }: SectionSeen) {
  if (draft === null) throw new Error('there is no draft to sign');
  return { sectionId: id, version: draft.version, fingerprint: draft.fingerprint };
}

/** A first draft of somebody, in the note of a case or in one of the patient's. */
export function keepFirst(
  author: SignedInClient,
  discipline: string,
  note: object,
  text: string,
): Promise<SectionSeen> {
  return done<SectionSeen>(author, KEEP, { baseVersion: 0, discipline, ...note, content: aText(text) });
}

export async function signAndLock(author: SignedInClient, section: SectionSeen): Promise<SectionSeen> {
  await done(author, SIGN, seen(section));
  return lock(author, section.id);
}

export async function lock(author: SignedInClient, sectionId: string): Promise<SectionSeen> {
  const { lockNote } = await author.ask<{ lockNote: SectionSeen & { message?: string } }>(
    `mutation ($id: ID!) { lockNote(sectionId: $id) { ... on ${SECTION} ... on Refusal { message } } }`,
    { id: sectionId },
  );
  if (lockNote.message !== undefined) throw new Error(`not locked: ${lockNote.message}`);
  return lockNote;
}

/** Everybody writes what they think of a case, signs it and locks it; the id of the note that all of them wrote in. */
export async function writeTogether(
  clinic: TeamClinic,
  members: readonly Member[],
  { patientId, referralId, caseId }: { patientId: string; referralId: string; caseId: string },
): Promise<string> {
  const note = { patientId, referralId, kind: 'MEETING', meetingCaseId: caseId };
  const sections = await Promise.all(
    members.map((member) =>
      keepFirst(clinic.the(member), clinic.disciplineOf(member), { note }, `As ${member}: **agreed**.`),
    ),
  );
  await Promise.all(
    members.map(async (member, at) => {
      const section = sections[at];
      if (section !== undefined) await signAndLock(clinic.the(member), section);
    }),
  );
  const noteIds = new Set(sections.map(({ noteId }) => noteId));
  if (noteIds.size !== 1) throw new Error(`they wrote in ${noteIds.size} notes`);
  return sections[0]?.noteId ?? '';
}
