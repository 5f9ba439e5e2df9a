import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LINKS_AFTER } from '../../src/clinic/audit/audit-chain.queries.js';
import { embeddedDatabaseUrl, facetHouse } from '../support/facet.js';
import type { SignedInClient } from '../support/graphql.js';
import { done, refusedAs, tried } from './asking.js';
import { chainProblem } from './audit-chain.js';
import { OPERATIONS, requestFor } from './operations.js';
import { rowsOf } from './tables.js';
import { TeamClinic } from './team-clinic.js';
import { mutationsAgainst, statementsAgainst } from './team-note-attacks.js';
import { aText, type Conflict, KEEP, keepFirst, type SectionSeen, SIGN, seen } from './team-notes.js';
import { referralOf } from './visits.js';

// Notes under attack: many who write at once, two windows of one author, a signature while somebody types, and a signed note
// that somebody wants to be another.

const AUTHORS = 20;
const ROUNDS = 10;
const TEST_TIMEOUT_MS = 600_000;
const DISCIPLINES = ['NURSING', 'PHYSIOTHERAPY', 'PSYCHOLOGY', 'RADIOLOGY', 'SPINAL_SURGERY'] as const;

const house = facetHouse();
let clinic: TeamClinic;
let url: string;
let patientId: string;
let otherPatientId: string;

beforeAll(async () => {
  clinic = await TeamClinic.open(house);
  url = embeddedDatabaseUrl(clinic.service.home);
  patientId = (await referralOf(clinic.the('reception'), 'Brontë-Hale')).patient.id;
  otherPatientId = (await referralOf(clinic.the('reception'), 'Marsh')).patient.id;
}, TEST_TIMEOUT_MS);
afterAll(async () => {
  expect(await chainProblem(url, LINKS_AFTER)).toBeNull();
});

const note = () => ({ note: { patientId, kind: 'CONSULTATION' } });

interface NoteSeen {
  readonly sections: readonly SectionSeen[];
}

async function noteOf(reader: SignedInClient, id: string): Promise<NoteSeen> {
  const { clinicalNote } = await reader.ask<{ clinicalNote: NoteSeen }>(
    `query ($id: ID!) { clinicalNote(id: $id) { sections { id status discipline isWithheld fingerprint addendaCount
      content { text items { code text } } addenda { number text } draft { version fingerprint content { text } } } } }`,
    { id },
  );
  return clinicalNote;
}

describe('twenty authors at once', { timeout: TEST_TIMEOUT_MS }, () => {
  it('write in one note, and no word of anybody is lost', async () => {
    const authors: { client: SignedInClient; discipline: string; words: string }[] = [];
    for (let nr = 0; nr < AUTHORS; nr += 1) {
      const discipline = DISCIPLINES[nr % DISCIPLINES.length] ?? 'NURSING';
      const client = await clinic.hire(`author-${nr}@facet.example`, {
        ...{ displayName: `Author ${nr}`, roles: ['MDT_MEMBER'], discipline },
      });
      authors.push({ client, discipline, words: `What author ${nr} thinks of it.` });
    }
    const { noteId } = await keepFirst(clinic.the('clinician'), 'PAIN_MEDICINE', note(), 'We meet at noon.');
    const sections = await Promise.all(
      authors.map(async ({ client, discipline, words }) => {
        const begun = await keepFirst(client, discipline, { noteId }, words);
        const longer = await done<SectionSeen>(client, KEEP, {
          ...{ sectionId: begun.id, baseVersion: 1, content: aText(`${words} And more.`) },
        });
        return done<SectionSeen>(client, SIGN, seen(longer));
      }),
    );
    expect(new Set(sections.map(({ id }) => id)).size).toBe(AUTHORS);
    for (const [nr, { client, words }] of authors.entries()) {
      const { sections: mine } = await noteOf(client, noteId);
      const own = mine.find(({ id }) => id === sections[nr]?.id);
      expect(own).toMatchObject({ status: 'SIGNED', content: { text: `${words} And more.` } });
      // Nobody reads the draft of the clinician who began it.
      expect(JSON.stringify(mine)).not.toContain('We meet at noon.');
    }
  });
});

describe('two windows of one author', { timeout: TEST_TIMEOUT_MS }, () => {
  it('lose nothing: the second is shown both texts, and what both began with', async () => {
    const author = clinic.the('clinician');
    const begun = await keepFirst(author, 'PAIN_MEDICINE', note(), 'Pain on the left.');
    const keep = (text: string) =>
      tried<SectionSeen & Conflict & { __typename: string }>(author, KEEP, {
        ...{ sectionId: begun.id, baseVersion: 1, content: aText(text) },
      });
    const answers = await Promise.all([
      keep('Pain on the left, by day.'),
      keep('Pain on the left, by night.'),
    ]);
    const kept = answers.find(({ __typename }) => __typename === 'NoteSection');
    const late = answers.find(({ __typename }) => __typename === 'NoteConflict');
    expect(late?.base?.text).toBe('Pain on the left.');
    expect(new Set([late?.kept.text, late?.yours?.text])).toEqual(
      new Set(['Pain on the left, by day.', 'Pain on the left, by night.']),
    );
    expect(kept?.draft?.content.text).toBe(late?.kept.text);
    const { noteDraftVersions } = await author.ask<{
      noteDraftVersions: { content: { text: string } }[];
    }>('query ($id: ID!) { noteDraftVersions(sectionId: $id) { content { text } } }', { id: begun.id });
    expect(noteDraftVersions.map(({ content }) => content.text)).toContain(late?.yours?.text);
  });

  it('sign what was seen and nothing else, while the other window goes on typing', async () => {
    const author = clinic.the('clinician');
    for (let round = 0; round < ROUNDS; round += 1) {
      const begun = await keepFirst(author, 'PAIN_MEDICINE', note(), `Seen ${round}.`);
      const typed = { sectionId: begun.id, baseVersion: 1, content: aText(`Not seen ${round}.`) };
      const [signed, kept] = await Promise.all([
        tried<{ __typename: string }>(author, SIGN, seen(begun)),
        tried<{ __typename: string }>(author, KEEP, typed),
      ]);
      const { sections } = await noteOf(author, begun.noteId);
      const [section] = sections;
      if (signed.__typename === 'NoteSection') {
        expect(section).toMatchObject({ status: 'SIGNED', content: { text: `Seen ${round}.` } });
        expect(kept.__typename).toBe('NoteAlreadySigned');
      } else {
        expect(section).toMatchObject({
          status: 'DRAFT',
          draft: { content: { text: `Not seen ${round}.` } },
        });
        expect(signed.__typename).toMatch(/^(NoteConflict|NoteNotAsSeen)$/);
      }
    }
  });
});

describe('a signed note', { timeout: TEST_TIMEOUT_MS }, () => {
  let signed: SectionSeen;
  let attacked: Parameters<typeof mutationsAgainst>[0];

  beforeAll(async () => {
    const author = clinic.the('clinician');
    signed = await keepFirst(author, 'PAIN_MEDICINE', note(), 'What I saw.');
    const { version, fingerprint } = seen(signed);
    await done(author, SIGN, seen(signed));
    attacked = {
      ...{ noteId: signed.noteId, sectionId: signed.id, discipline: 'PAIN_MEDICINE', version, fingerprint },
      strangerId: clinic.the('surgeon').accountId,
    };
  });

  const standing = async () => {
    const { sections } = await noteOf(clinic.the('surgeon'), signed.noteId);
    return sections.map(({ content, status }) => ({ content, status }));
  };

  /** Every mutation against it, by its author and by others; what each of them became. */
  async function attack(): Promise<Readonly<Record<string, readonly string[]>>> {
    const said: Record<string, string[]> = {};
    for (const [name, inputs] of Object.entries(mutationsAgainst(attacked))) {
      const operation = OPERATIONS.find((one) => one.name === name);
      if (operation === undefined) throw new Error(`the API has no ${name}`);
      for (const variables of inputs) {
        for (const who of ['clinician', 'surgeon', 'psychologist', 'admin'] as const) {
          const { query } = requestFor(operation, 'all given');
          const answer = await clinic.the(who).send(query, variables);
          const [made] = Object.values(answer.data ?? {}) as { __typename?: string }[];
          const became = made?.__typename ?? answer.errors[0]?.extensions.code ?? 'nothing';
          said[name] = [...new Set([...(said[name] ?? []), became])].toSorted();
        }
      }
    }
    return said;
  }

  it('is attacked by every mutation that there is', () => {
    const writing = OPERATIONS.filter(
      ({ kind, needs }) =>
        kind === 'mutation' && ['WRITE_NOTE', 'READ_PSYCHOLOGY_NOTE'].includes(needs ?? ''),
    ).map(({ name }) => name);
    expect(Object.keys(mutationsAgainst(attacked)).toSorted()).toEqual(writing.toSorted());
  });

  it('says what it said, before and after it is locked', async () => {
    const before = await standing();
    expect(before).toMatchObject([{ content: { text: 'What I saw.' } }]);
    const words = ({ content }: { content: unknown }) => content;
    // The one thing that is done is the lock, by the author; and of every other attempt nothing is made.
    expect(await attack()).toEqual({
      keepNoteDraft: ['DisciplineNotHeld', 'FORBIDDEN', 'NotTheAuthor', 'NoteAlreadySigned'],
      discardNoteDraft: ['FORBIDDEN', 'NotTheAuthor', 'NoteAlreadySigned'],
      signNote: ['FORBIDDEN', 'NotTheAuthor', 'NoteAlreadySigned'],
      lockNote: ['FORBIDDEN', 'NotTheAuthor', 'NoteSection'],
      addNoteAddendum: ['DisciplineNotHeld', 'FORBIDDEN', 'NotTheAuthor', 'NoteChangedMeanwhile'],
      shareNote: ['FORBIDDEN', 'NoteNeedsNoSharing'],
      endNoteShare: ['FORBIDDEN', 'NOT_FOUND'],
    });
    expect((await standing()).map(words)).toEqual(before.map(words));
    expect(await attack()).toMatchObject({ lockNote: ['FORBIDDEN', 'NotTheAuthor', 'NoteAlreadyLocked'] });
    expect(await standing()).toEqual([{ content: before[0]?.content, status: 'LOCKED' }]);
    await done(
      clinic.the('clinician'),
      { verb: 'addNoteAddendum', wanted: 'NoteSection { id addendaCount }' },
      {
        ...{ sectionId: signed.id, kind: 'ADDITION', discipline: 'PAIN_MEDICINE', addendaSeen: 0 },
        text: 'And the right.',
      },
    );
    expect(await standing()).toEqual([{ content: before[0]?.content, status: 'LOCKED' }]);
    const late = { sectionId: signed.id, baseVersion: 1, content: aText('Other.') };
    expect(await refusedAs(clinic.the('clinician'), KEEP, late)).toMatchObject({ code: 'NoteAlreadySigned' });
  });

  it('is changed by no statement that the service could send', async () => {
    const rows = () =>
      rowsOf(
        url,
        `SELECT section.*, signature.text, signature.items, signature.sha256, signature.signed_by_name
           FROM note_sections section JOIN note_signatures signature ON signature.section_id = section.id ORDER BY section.id`,
      );
    const before = await rows();
    const against = { ...attacked, otherPatientId };
    for (const statement of statementsAgainst(against)) {
      await expect(rowsOf(url, statement), statement).rejects.toThrow();
    }
    expect(await rows()).toEqual(before);
  });
});
