import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { notFound } from '../../platform/refusal/refusal.js';
import { instantFromDate, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { NoteEvent, type NoteHistoryEntry } from './note-history.type.js';
import { NoteReaderService } from './note-reader.service.js';
import { isShownTo, mayReadRow } from './note-row.type.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const HISTORY = {
  signature: true,
  addenda: true,
  shares: true,
  drafts: { select: { number: true, sha256: true, keptAt: true } },
} as const satisfies Prisma.NoteSectionInclude;
type HistoryRow = Prisma.NoteSectionGetPayload<{ include: typeof HISTORY }>;

/** What happened to a note, from the rows that are only ever added to. */
@Injectable()
export class NoteHistoryService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(NoteReaderService) private readonly readers: NoteReaderService,
  ) {}

  /** In the order in which it happened, as far as it is for whoever looks. The look is recorded. Throws NOT_FOUND. */
  async noteHistory(actor: StaffActor, noteId: string): Promise<readonly NoteHistoryEntry[]> {
    if (!UUID.test(noteId)) throw notFound('note');
    return this.database.transaction(async (tx) => {
      const note = await tx.clinicalNote.findUnique({
        where: { id: noteId },
        include: { sections: { include: HISTORY, orderBy: { id: 'asc' } } },
      });
      const shown = note?.sections.filter((section) => isShownTo(section, actor.id)) ?? [];
      if (note === null || shown.length === 0) throw notFound('note');
      const reader = await this.readers.reader(tx, actor.id);
      await this.audit.record(tx, actor, {
        ...{ action: 'note-history.viewed', subjectType: 'clinical-note', subjectId: note.id },
        patientIds: [note.patientId],
      });
      return shown
        .flatMap((row) => entriesOf(row, row.authorId === reader.id, mayReadRow(row, reader)))
        .toSorted((a, b) => Temporal.Instant.compare(a.at, b.at));
    });
  }
}

/** That it was begun, signed, locked and added to is for everybody; what it says, and who was let in, for its readers. */
function entriesOf(row: HistoryRow, isAuthor: boolean, mayRead: boolean): readonly NoteHistoryEntry[] {
  const { id: sectionId, discipline, authorId, signature } = row;
  const entry = (
    event: NoteEvent,
    at: Date,
    staffId: string | null,
    what: { readonly number: number; readonly sha256: string } | null = null,
  ): NoteHistoryEntry => ({
    ...{ event, sectionId, discipline, staffId, at: instantFromDate(at), number: what?.number ?? null },
    fingerprint: mayRead ? (what?.sha256 ?? null) : null,
  });
  const { BEGUN, DRAFT_KEPT, DISCARDED, SIGNED, LOCKED, ADDED, SHARED, SHARE_ENDED } = NoteEvent;
  const drafts = isAuthor ? row.drafts : [];
  const shares = mayRead ? row.shares : [];
  return [
    entry(BEGUN, row.begunAt, authorId),
    ...drafts.map((draft) => entry(DRAFT_KEPT, draft.keptAt, authorId, draft)),
    ...(row.discardedAt === null ? [] : [entry(DISCARDED, row.discardedAt, authorId)]),
    ...(signature === null
      ? []
      : [entry(SIGNED, signature.signedAt, authorId, { ...signature, number: signature.draftNumber })]),
    ...(row.lockedAt === null ? [] : [entry(LOCKED, row.lockedAt, row.lockedById)]),
    ...row.addenda.map((added) => entry(ADDED, added.signedAt, added.signedById, added)),
    ...shares.flatMap(({ sharedAt, sharedById, endedAt, endedById }) => [
      entry(SHARED, sharedAt, sharedById),
      ...(endedAt === null ? [] : [entry(SHARE_ENDED, endedAt, endedById)]),
    ]),
  ];
}
