import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { LINKS_AFTER } from '../../src/clinic/audit/audit-chain.queries.js';
import { demoPasswordIn, embeddedDatabaseUrl, facetHouse, type RunningService } from '../support/facet.js';
import { type SignedInClient, signIn } from '../support/graphql.js';
import { until } from '../support/until.js';
import { done } from './asking.js';
import { chainProblem } from './audit-chain.js';
import { rowsOf } from './tables.js';
import { TeamClinic } from './team-clinic.js';
import { aText, KEEP, keepFirst, type SectionSeen } from './team-notes.js';
import { referralOf } from './visits.js';

// The power goes while many are writing: every word that was answered is there, and nothing is there by half.

const KILLS = 4;
const AUTHORS = 8;
/** Words that are kept before each kill, at least; then a few milliseconds more, to be in the middle of the next. */
const KEPT_MIN = 40;
const MIDDLE_MS = [3, 11, 19, 27] as const;
const TEST_TIMEOUT_MS = 600_000;

const house = facetHouse();
const emailOf = (nr: number): string => `writer-${nr}@facet.example`;

/** What one author was told is kept: the words of each version of their section. */
interface Told {
  readonly sectionId: string;
  readonly noteId: string;
  readonly versions: Map<number, string>;
}

/** Keeps one version after the other until the service no longer answers. */
async function write(author: SignedInClient, told: Told, nr: number): Promise<void> {
  for (;;) {
    const last = Math.max(...told.versions.keys());
    const text = `Author ${nr}, thought ${last + 1}. ${'A long thought. '.repeat(20)}`;
    const { draft } = await done<SectionSeen>(author, KEEP, {
      ...{ sectionId: told.sectionId, baseVersion: last, content: aText(text) },
    });
    if (draft !== null) told.versions.set(draft.version, draft.content.text);
  }
}

interface Kept {
  readonly number: number;
  readonly text: string;
}

async function expectNothingLost(url: string, told: readonly Told[]): Promise<void> {
  for (const { sectionId, versions } of told) {
    const kept = await rowsOf<Kept>(
      url,
      'SELECT number, text FROM note_draft_versions WHERE section_id = $1 ORDER BY number',
      [sectionId],
    );
    const words = new Map(kept.map(({ number, text }) => [number, text]));
    for (const [number, text] of versions) expect(words.get(number)).toBe(text);
    // A version that was kept and whose answer was lost may have come on top, and no more than that one.
    expect(kept.length - versions.size).toBeLessThanOrEqual(1);
    for (const { number, text } of kept) versions.set(number, text);
  }
}

/** Sections, their versions and the audit record say the same. */
async function expectNothingHalf(url: string): Promise<void> {
  const torn = await rowsOf(
    url,
    `SELECT section.id FROM note_sections section
      WHERE section.drafts_count <> (SELECT count(*) FROM note_draft_versions draft WHERE draft.section_id = section.id)
         OR section.version <> (SELECT max(number) FROM note_draft_versions draft WHERE draft.section_id = section.id)
         OR section.drafts_count <> (SELECT count(*) FROM audit_entries entry
              WHERE entry.subject_id = section.id::text AND entry.action IN ('note-draft.begun', 'note-draft.kept'))`,
  );
  expect(torn).toEqual([]);
  expect(await chainProblem(url, LINKS_AFTER)).toBeNull();
}

const signInAll = async (service: RunningService) => {
  const password = await demoPasswordIn(service.home);
  return Promise.all(
    Array.from({ length: AUTHORS }, (_, nr) => signIn(service.httpUrl, emailOf(nr), password)),
  );
};

it(
  'kill -9 in the middle of saving loses no word that was answered, and leaves nothing by half',
  async () => {
    const clinic = await TeamClinic.open(house);
    const { home } = clinic.service;
    const { patient } = await referralOf(clinic.the('reception'), 'Brontë-Hale');
    const note = { patientId: patient.id, kind: 'MEETING' };
    const { noteId } = await keepFirst(clinic.the('clinician'), 'PAIN_MEDICINE', { note }, 'We begin.');
    const told: Told[] = [];
    for (let nr = 0; nr < AUTHORS; nr += 1) {
      const author = await clinic.hire(emailOf(nr), {
        ...{ displayName: `Writer ${nr}`, roles: ['MDT_MEMBER'], discipline: 'NURSING' },
      });
      const { id, draft } = await keepFirst(author, 'NURSING', { noteId }, `Author ${nr} begins.`);
      told.push({
        sectionId: id,
        noteId,
        versions: new Map([[draft?.version ?? 0, `Author ${nr} begins.`]]),
      });
    }
    let service = clinic.service;
    const answered = () => told.reduce((sum, { versions }) => sum + versions.size, 0);
    for (const middleMs of MIDDLE_MS.slice(0, KILLS)) {
      const authors = await signInAll(service);
      const enough = answered() + KEPT_MIN;
      const work = authors.map((author, nr) => {
        const own = told[nr];
        return own === undefined ? undefined : write(author, own, nr).catch(() => undefined);
      });
      await until(() => answered() >= enough);
      await pause(middleMs);
      const url = embeddedDatabaseUrl(home);
      await service.end('SIGKILL');
      await Promise.all(work);
      // The database goes on without its owner: what it holds now is what the next start finds.
      await expectNothingLost(url, told);
      await expectNothingHalf(url);
      service = await house.start(home);
    }
    for (const [nr, author] of (await signInAll(service)).entries()) {
      const { myNoteDrafts } = await author.ask<{ myNoteDrafts: { items: SectionSeen[] } }>(
        '{ myNoteDrafts { items { id draft { version content { text } } } } }',
      );
      const own = told[nr];
      const last = Math.max(...(own?.versions.keys() ?? []));
      expect(myNoteDrafts.items).toMatchObject([
        { id: own?.sectionId, draft: { version: last, content: { text: own?.versions.get(last) } } },
      ]);
    }
    expect((await service.end('SIGTERM')).code).toBe(0);
  },
  TEST_TIMEOUT_MS,
);
