/** Every statement that would change a signed note: as many as the tables let somebody think of. */
export function statementsAgainst(note: {
  readonly noteId: string;
  readonly sectionId: string;
  readonly strangerId: string;
  readonly otherPatientId: string;
}): readonly string[] {
  const of = `WHERE section_id = '${note.sectionId}'`;
  const is = `WHERE id = '${note.sectionId}'`;
  const whole = `WHERE id = '${note.noteId}'`;
  const tables = [
    'clinical_notes',
    'note_sections',
    'note_draft_versions',
    'note_signatures',
    'note_addenda',
  ];
  return [
    `UPDATE note_signatures SET text = 'Other.' ${of}`,
    `UPDATE note_signatures SET items = '[]' ${of}`,
    `UPDATE note_signatures SET sha256 = repeat('0', 64) ${of}`,
    `UPDATE note_signatures SET signed_by_id = '${note.strangerId}' ${of}`,
    `UPDATE note_signatures SET signed_by_name = 'Somebody else' ${of}`,
    `UPDATE note_signatures SET signed_at = now() ${of}`,
    `DELETE FROM note_signatures ${of}`,
    `INSERT INTO note_signatures (id, note_id, section_id, draft_number, text, items, sha256, signed_by_id, signed_by_name, signed_at)
     SELECT gen_random_uuid(), note_id, section_id, draft_number, 'Other.', items, sha256, signed_by_id, signed_by_name, signed_at
       FROM note_signatures ${of}`,
    `UPDATE note_draft_versions SET text = 'Other.' ${of}`,
    `DELETE FROM note_draft_versions ${of}`,
    `UPDATE note_addenda SET text = 'Other.' ${of}`,
    `DELETE FROM note_addenda ${of}`,
    `UPDATE note_sections SET status = 'DRAFT' ${is}`,
    `UPDATE note_sections SET status = 'DISCARDED', discarded_at = now() ${is}`,
    `UPDATE note_sections SET status = 'SIGNED', locked_at = NULL, locked_by_id = NULL ${is}`,
    `UPDATE note_sections SET author_id = '${note.strangerId}' ${is}`,
    `UPDATE note_sections SET discipline = 'PSYCHOLOGY' ${is}`,
    `UPDATE note_sections SET signed_at = now() ${is}`,
    `UPDATE note_sections SET version = version + 1, drafts_count = drafts_count + 1 ${is}`,
    `DELETE FROM note_sections ${is}`,
    `UPDATE clinical_notes SET patient_id = '${note.otherPatientId}' ${whole}`,
    `UPDATE clinical_notes SET happened_on = '2020-01-01' ${whole}`,
    `DELETE FROM clinical_notes ${whole}`,
    ...tables.map((table) => `TRUNCATE ${table} CASCADE`),
  ];
}

/** Every mutation of the API that writes in notes, and what somebody sends with it who wants other words to stand. */
export function mutationsAgainst(section: {
  readonly noteId: string;
  readonly sectionId: string;
  readonly discipline: string;
  readonly version: number;
  readonly fingerprint: string;
  readonly strangerId: string;
}): Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>> {
  const { noteId, sectionId, discipline, version, fingerprint } = section;
  const content = { text: 'Other words.', items: [] };
  return {
    keepNoteDraft: [
      { input: { sectionId, baseVersion: version, content } },
      { input: { sectionId, baseVersion: version + 1, content } },
      { input: { noteId, discipline, baseVersion: version, content } },
    ],
    discardNoteDraft: [{ sectionId, version }],
    signNote: [
      { input: { sectionId, version, fingerprint } },
      { input: { sectionId, version: version + 1, fingerprint: '0'.repeat(64) } },
    ],
    lockNote: [{ sectionId }],
    addNoteAddendum: [
      {
        input: {
          sectionId,
          kind: 'ENTERED_IN_ERROR',
          discipline: 'RADIOLOGY',
          addendaSeen: 0,
          text: 'Other.',
        },
      },
      { input: { sectionId, kind: 'CORRECTION', discipline, addendaSeen: 9, text: 'Other.' } },
    ],
    shareNote: [
      {
        input: {
          ...{ sectionId, staffId: section.strangerId, reason: 'Curious.' },
          ...{ patientAgreedOn: '2026-01-01', patientAgreedHow: 'IN_PERSON' },
        },
      },
    ],
    endNoteShare: [{ input: { shareId: sectionId, reason: 'None.' } }],
  };
}
