import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import type { Refusal } from '../../platform/refusal/refusal.js';
import type { StaffActor } from '../audit/audit.type.js';
import { SigningService } from '../auth/signing.service.js';
import { canSignText, canWriteAs } from './note.rules.js';
import type { NoteSection } from './note.type.js';
import { contentOfRow } from './note-content.type.js';
import { NoteDraftService } from './note-draft.service.js';
import type { SignNoteInput } from './note-entry.type.js';
import { NoteReaderService } from './note-reader.service.js';
import { NoteRecordService } from './note-record.service.js';
import { NoteSealService } from './note-seal.service.js';

/** Signatures: of whoever is signed in, on what they have read. */
@Injectable()
export class NoteSigningService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(SigningService) private readonly signatures: Pick<SigningService, 'mustBeAbleToSign'>,
    @Inject(NoteRecordService) private readonly records: NoteRecordService,
    @Inject(NoteDraftService) private readonly drafts: NoteDraftService,
    @Inject(NoteReaderService) private readonly readers: NoteReaderService,
    @Inject(NoteSealService) private readonly seals: NoteSealService,
  ) {}

  /** Of many windows that sign at once one does. What is signed is never written in again. Throws NOT_FOUND. */
  async signNote(actor: StaffActor, input: SignNoteInput): Promise<NoteSection | Refusal> {
    return this.database.transaction<NoteSection | Refusal>(async (tx) => {
      const section = await this.records.held(tx, input.sectionId);
      const cannot = await this.drafts.notStandingAsRead(tx, actor, section, input.version);
      if (cannot !== null) return cannot;
      const draft = await this.drafts.standing(tx, section);
      const content = contentOfRow(draft);
      const refusal =
        canSignText(content, draft.sha256, input.fingerprint) ??
        canWriteAs(section.discipline, await this.readers.disciplinesToday(tx, actor.id)) ??
        // Asked last: a code that was right is used up with the signature, and with nothing else.
        (await this.signatures.mustBeAbleToSign(tx, actor, input.secondFactorCode ?? null));
      if (refusal !== null) return refusal;
      await this.seals.seal(tx, actor, section, { content, sha256: draft.sha256 });
      return this.records.section(tx, actor.id, section.id);
    });
  }
}
