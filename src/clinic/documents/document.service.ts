import { Inject, Injectable } from '@nestjs/common';
import { Config, keepsDocuments } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { DocumentKind, RecordClass } from '../../platform/database/generated/enums.js';
import { Fault, type Refusal } from '../../platform/refusal/refusal.js';
import type { Actor } from '../audit/audit.type.js';
import { filingLock } from './document.queries.js';
import {
  DocumentAction,
  DocumentStandsOtherwise,
  DocumentsNotKept,
  FileNotAcceptable,
  TooManyVersions,
} from './document.refusals.js';
import { canDo, classWhenFiled, statusOf } from './document.rules.js';
import {
  type Document,
  type DocumentToStore,
  type FiledDocument,
  type IncomingFile,
  TITLE_CHARACTERS_MAX,
} from './document.type.js';
import { DocumentReach } from './document-reach.service.js';
import type { DocumentReader } from './document-reader.type.js';
import { DocumentRecord, type DocumentRow } from './document-record.service.js';
import { DocumentSubjects } from './document-subject.service.js';
import { DocumentVault, type TakenFile } from './document-vault.service.js';

/** Nobody corrects a paper more often; whoever reads the list can still find the right one. */
const VERSIONS_MAX = 50;

/** Takes files in: the content first, its row after, so that a row never points to nothing. */
@Injectable()
export class DocumentService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Config) private readonly config: Config,
    @Inject(DocumentVault) private readonly vault: DocumentVault,
    @Inject(DocumentRecord) private readonly record: DocumentRecord,
    @Inject(DocumentSubjects) private readonly subjects: DocumentSubjects,
    @Inject(DocumentReach) private readonly reach: DocumentReach,
  ) {}

  /** Why a form of so many bytes is not even read; null when it is. */
  refuseForm(formBytes: number): FileNotAcceptable | null {
    return this.vault.refuseForm(formBytes);
  }

  /**
   * Files what somebody at a door brings, as `storeIn`. Throws NOT_FOUND also for a thing that they may not read, and
   * FORBIDDEN for a class that is closed to them.
   */
  async storeFor(
    { actor, roles }: DocumentReader,
    file: DocumentToStore,
  ): Promise<FiledDocument | FileNotAcceptable | DocumentsNotKept> {
    this.reach.mustFile(roles, file.subjectType, file.retentionClass ?? RecordClass.DOCUMENT);
    return this.storeIn(actor, file);
  }

  /**
   * Files a document, for a room that knows what it does. The same content for the same subject is not filed twice. Throws NOT_FOUND for a subject that is
   * not there, BAD_INPUT for one that cannot have documents, and whatever the stream throws; then nothing is kept.
   */
  async storeIn(
    actor: Actor,
    file: DocumentToStore,
  ): Promise<FiledDocument | FileNotAcceptable | DocumentsNotKept> {
    if (!keepsDocuments(this.config)) return new DocumentsNotKept();
    const { subjectType, subjectId, patientId: claimed } = file;
    // Before a byte is taken; and again with the row, since much can happen while a file flows.
    await this.database.transaction((tx) => this.subjects.patientOf(tx, subjectType, subjectId, claimed));
    const taken = await this.vault.take(file);
    if (taken instanceof FileNotAcceptable) return taken;
    return this.#keepOrDiscard(taken, (tx) => this.#file(tx, actor, file, taken));
  }

  /** Files a further content of a document, as `storeIn`. Throws NOT_FOUND. */
  async storeVersion(
    reader: DocumentReader,
    documentId: string,
    file: IncomingFile,
  ): Promise<
    FiledDocument | FileNotAcceptable | DocumentsNotKept | DocumentStandsOtherwise | TooManyVersions
  > {
    if (!keepsDocuments(this.config)) return new DocumentsNotKept();
    const seen = await this.database.transaction((tx) => this.reach.mustHave(tx, reader.roles, documentId));
    const refused = canAddVersion(seen);
    if (refused !== null) return refused;
    const taken = await this.vault.take(file);
    if (taken instanceof FileNotAcceptable) return taken;
    return this.#keepOrDiscard(taken, (tx) => this.#addVersion(tx, reader, documentId, taken));
  }

  /**
   * Writes the row of a content that was taken. When it is not written, and that is certain, the content goes at once;
   * when the database did not say how it ended, the content stays until the sweep has looked for its row.
   */
  async #keepOrDiscard<R extends FiledDocument | Refusal>(
    taken: TakenFile,
    write: (tx: Tx) => Promise<R>,
  ): Promise<R> {
    try {
      const result = await this.database.transaction(write);
      const isKept = 'outcome' in result && result.outcome !== 'ALREADY_FILED';
      if (!isKept) await this.vault.discard(taken.storageKey);
      return result;
    } catch (error) {
      if (error instanceof Fault) await this.vault.discard(taken.storageKey);
      throw error;
    }
  }

  async #file(tx: Tx, actor: Actor, file: DocumentToStore, taken: TakenFile): Promise<FiledDocument> {
    const { subjectType, subjectId } = file;
    await tx.$queryRaw(filingLock(subjectId));
    const patientId = await this.subjects.patientOf(tx, subjectType, subjectId, file.patientId, {
      hold: true,
    });
    const same = await this.#same(
      tx,
      { subjectType, subjectId, withdrawnAt: null, destroyedAt: null },
      taken,
    );
    if (same !== null) return { outcome: 'ALREADY_FILED', document: same };
    const document = await this.record.add(
      tx,
      actor,
      {
        patientId,
        subjectType,
        subjectId,
        kind: file.kind ?? DocumentKind.OTHER,
        title: titleOf(file.title, taken),
        retentionClass: classWhenFiled(file.retentionClass ?? RecordClass.DOCUMENT, patientId !== null),
      },
      taken,
    );
    return { outcome: 'FILED', document };
  }

  async #addVersion(
    tx: Tx,
    { actor, roles }: DocumentReader,
    documentId: string,
    taken: TakenFile,
  ): Promise<FiledDocument | DocumentStandsOtherwise | TooManyVersions> {
    const row = await this.reach.mustHold(tx, roles, documentId);
    const refused = canAddVersion(row);
    if (refused !== null) return refused;
    // What went back to an earlier content is a new version; what was sent twice is not.
    if (isSame(row.versions.at(-1)?.sha256 ?? null, taken.sha256))
      return { outcome: 'ALREADY_FILED', document: this.record.toDocument(row) };
    return { outcome: 'NEW_VERSION', document: await this.record.addVersion(tx, actor, row, taken) };
  }

  /** The document of this subject that holds this content. */
  async #same(
    tx: Tx,
    where: Partial<Pick<DocumentRow, 'subjectType' | 'subjectId' | 'withdrawnAt' | 'destroyedAt'>>,
    { sha256 }: TakenFile,
  ): Promise<Document | null> {
    const found = await tx.document.findFirst({
      where: { ...where, versions: { some: { sha256, contentDestroyedAt: null } } },
      select: { id: true },
      orderBy: { id: 'asc' },
    });
    return found === null ? null : this.record.toDocument(await this.record.mustHave(tx, found.id));
  }
}

function canAddVersion(row: DocumentRow): DocumentStandsOtherwise | TooManyVersions | null {
  const refused = canDo(DocumentAction.ADD_VERSION, statusOf(row));
  if (refused !== null) return refused;
  return row.versions.length < VERSIONS_MAX ? null : new TooManyVersions(VERSIONS_MAX);
}

function isSame(one: Uint8Array | null, other: Uint8Array): boolean {
  return one !== null && Buffer.from(one).equals(other);
}

function titleOf(given: string | null | undefined, { fileName }: TakenFile): string {
  return [...(given?.trim() || fileName)].slice(0, TITLE_CHARACTERS_MAX).join('');
}
