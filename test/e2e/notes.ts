import type { SignedInClient } from '../support/graphql.js';

const PRACTISE = `
  mutation R($input: RecordStaffDisciplineInput!) {
    recordStaffDiscipline(input: $input) { ... on StaffDiscipline { id } ... on Refusal { message } }
  }`;

const KEEP = `
  mutation K($input: KeepNoteDraftInput!) {
    keepNoteDraft(input: $input) { ... on NoteSection { id noteId } ... on Refusal { message } }
  }`;

/** Somebody practises a discipline from long ago on. */
export async function practise(admin: SignedInClient, staffId: string, discipline: string): Promise<string> {
  const { recordStaffDiscipline } = await admin.ask<{
    recordStaffDiscipline: { id?: string; message?: string };
  }>(PRACTISE, { input: { staffId, discipline, effectiveFrom: '2020-01-01' } });
  const { id } = recordStaffDiscipline;
  if (id === undefined) throw new Error(`does not practise: ${recordStaffDiscipline.message}`);
  return id;
}

/** What a clinician begins to write, as somebody who practises: ids of the note and of their section. */
export async function beginNote(
  admin: SignedInClient,
  clinician: SignedInClient,
  patientId: string,
): Promise<{ readonly noteId: string; readonly sectionId: string }> {
  const discipline = 'NURSING';
  await practise(admin, clinician.accountId, discipline);
  const { keepNoteDraft } = await clinician.ask<{
    keepNoteDraft: { id?: string; noteId?: string; message?: string };
  }>(KEEP, {
    input: {
      ...{ discipline, baseVersion: 0, note: { patientId, kind: 'TELEPHONE' } },
      content: { text: 'Slept **well** since Monday.', items: [{ code: 'PLAN', text: 'Walk daily.' }] },
    },
  });
  const { id, noteId } = keepNoteDraft;
  if (id === undefined || noteId === undefined) throw new Error(`not kept: ${keepNoteDraft.message}`);
  return { noteId, sectionId: id };
}
