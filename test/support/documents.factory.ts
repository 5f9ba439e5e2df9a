import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { AuditService } from '../../src/clinic/audit/audit.service.js';
import type { StaffActor } from '../../src/clinic/audit/audit.type.js';
import { DocumentService } from '../../src/clinic/documents/document.service.js';
import type { Document, DocumentToStore, FiledDocument } from '../../src/clinic/documents/document.type.js';
import { DocumentChangeService } from '../../src/clinic/documents/document-change.service.js';
import {
  DocumentInstallation,
  INSTALLATION_KEY,
} from '../../src/clinic/documents/document-installation.service.js';
import { DocumentListService } from '../../src/clinic/documents/document-list.service.js';
import { DocumentOpening } from '../../src/clinic/documents/document-opening.service.js';
import { DocumentReach } from '../../src/clinic/documents/document-reach.service.js';
import type { DocumentReader } from '../../src/clinic/documents/document-reader.type.js';
import { DocumentRecord } from '../../src/clinic/documents/document-record.service.js';
import { DocumentRescanService } from '../../src/clinic/documents/document-rescan.service.js';
import { DocumentScanService } from '../../src/clinic/documents/document-scan.service.js';
import { DocumentSubjects } from '../../src/clinic/documents/document-subject.service.js';
import { DocumentSweep } from '../../src/clinic/documents/document-sweep.service.js';
import { DocumentVault } from '../../src/clinic/documents/document-vault.service.js';
import { readConfig } from '../../src/platform/config/index.js';
import type { Database } from '../../src/platform/database/database.service.js';
import { Role } from '../../src/platform/database/generated/enums.js';
import { Outbox } from '../../src/platform/outbox/index.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { DiskStorage } from '../../src/platform/storage/disk.storage.js';
import { KeyRing, type ObjectStorage } from '../../src/platform/storage/index.js';
import type { Clock } from '../../src/platform/time/index.js';
import { Clamd } from '../../src/platform/virus-scan/clamd.js';
import { FixedClock } from './fixed-clock.js';
import { aStaffActor, patientServiceOn } from './patients.factory.js';

/** A key for documents as the setting DOCUMENTS_KEYS takes it. */
export function aDocumentsKey(name = '2026'): string {
  return `${name}:${randomBytes(32).toString('base64')}`;
}

export interface DocumentRoomOptions {
  readonly clock?: Clock;
  /** Settings beside the folder; none: the keys are made up. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly storage?: ObjectStorage;
}

/** The room's services on a folder of their own. */
export function documentRoomOn(database: Database, folder: string, options: DocumentRoomOptions = {}) {
  const clock = options.clock ?? new FixedClock();
  const config = readConfig(
    { DOCUMENTS_FOLDER: folder, DOCUMENTS_KEYS: aDocumentsKey(), ...options.settings },
    '/tmp',
  );
  const storage = options.storage ?? new DiskStorage(folder);
  const keys = new KeyRing(() => config.documentsKeys);
  const audit = new AuditService(database, clock);
  const outbox = new Outbox(clock);
  const vault = new DocumentVault(storage, keys, config);
  const record = new DocumentRecord(clock, config, audit, outbox);
  const subjects = new DocumentSubjects(patientServiceOn(database, clock));
  const reach = new DocumentReach(record, subjects);
  const installation = new DocumentInstallation(database, clock, storage);
  const scanner = config.clamdUrl === undefined ? null : new Clamd(config.clamdUrl);
  return {
    clock,
    config,
    storage,
    keys,
    outbox,
    vault,
    record,
    subjects,
    reach,
    documents: new DocumentService(database, config, vault, record, subjects, reach),
    changes: new DocumentChangeService(database, clock, record, reach),
    list: new DocumentListService(database, audit, record, reach),
    opening: new DocumentOpening(database, config, audit, reach, vault),
    scans: new DocumentScanService(database, clock, outbox, scanner, vault, record),
    rescans: new DocumentRescanService(database, config, outbox, record, reach),
    installation,
    sweep: new DocumentSweep(database, clock, config, storage, keys, installation),
  };
}
export type DocumentRoom = ReturnType<typeof documentRoomOn>;

/** Somebody who may read whatever there is, unless the roles say otherwise. */
export function aReader(
  actor: StaffActor = aStaffActor(),
  roles: readonly Role[] = Object.values(Role),
): DocumentReader {
  return { actor, roles };
}

/** A PDF that no other call makes. */
export function aPdf(inside = `paper ${randomBytes(8).toString('hex')}`): Buffer {
  return Buffer.from(`%PDF-1.7\n% ${inside}\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n`, 'latin1');
}

export async function* flowing(bytes: Buffer, partBytes = 16 * 1024): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += partBytes) yield bytes.subarray(at, at + partBytes);
}

/** A file about a patient; `parts` replaces what matters to a test. */
export function aFile(
  patientId: string,
  bytes: Buffer,
  parts: Partial<DocumentToStore> = {},
): DocumentToStore {
  return {
    patientId: null,
    subjectType: 'PATIENT',
    subjectId: patientId,
    fileName: 'letter.pdf',
    mediaType: 'application/pdf',
    stream: flowing(bytes),
    ...parts,
  };
}

/** Files it; throws when that is refused. */
export async function fileDocument(
  room: DocumentRoom,
  patientId: string,
  bytes: Buffer = aPdf(),
  parts: Partial<DocumentToStore> = {},
  actor: StaffActor = aStaffActor(),
): Promise<Document> {
  const result = await room.documents.storeIn(actor, aFile(patientId, bytes, parts));
  return mustBeFiled(result).document;
}

export function mustBeFiled(result: object): FiledDocument {
  if (isRefusal(result)) throw new Error(`the document was not filed: ${result.message}`);
  return result as FiledDocument;
}

/** Names of every file below a folder of documents, whole and in parts, but for the name of the installation. */
export function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== INSTALLATION_KEY)
    .map((entry) => join(entry.parentPath, entry.name));
}
