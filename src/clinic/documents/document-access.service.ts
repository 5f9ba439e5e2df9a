import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import { DocumentKind } from '../../platform/database/generated/enums.js';
import { FILE_TYPES, isFileType } from '../../platform/file-content/index.js';
import {
  SubjectAccess,
  type SubjectAccessFile,
  type SubjectAccessRoom,
  type SubjectAccessSection,
} from '../records/subject-access.type.js';
import { canOpen } from './document.rules.js';
import type { DocumentVersion } from './document.type.js';
import {
  DocumentRecord,
  type DocumentRow,
  type VersionRow,
  WITH_VERSIONS,
} from './document-record.service.js';
import { DocumentVault } from './document-vault.service.js';

/** What others wrote may speak of others; a picture of the patient and the patient's own signature do not. */
const OWN_KINDS: readonly DocumentKind[] = [DocumentKind.IMAGE, DocumentKind.CONSENT_FORM];

/** What is filed about a patient, for the patient. What was withdrawn does not belong to the record, and may be another's. */
@Injectable()
export class DocumentAccessService implements SubjectAccessRoom {
  readonly room = 'documents';

  constructor(
    @Inject(SubjectAccess) access: SubjectAccess,
    @Inject(Config) private readonly config: Config,
    @Inject(DocumentRecord) private readonly record: DocumentRecord,
    @Inject(DocumentVault) private readonly vault: DocumentVault,
  ) {
    access.register(this);
  }

  async collect(tx: Tx, patientId: string): Promise<readonly SubjectAccessSection[]> {
    const rows = await this.#filed(tx, patientId);
    return [
      {
        name: 'documents',
        about:
          'What was filed about you, with the file of each version that can be opened. `subjectType` and `subjectId` say ' +
          'what it belongs to; `sha256` proves that a file is the one that was filed.',
        records: rows.map((row) => {
          const { id, kind, title, subjectType, subjectId, filedAt, versions } = this.record.toDocument(row);
          return {
            id,
            kind,
            title,
            subjectType,
            subjectId,
            filedAt: filedAt.toString(),
            versions: versions.map(toCopy),
          };
        }),
        thirdPartyFields: ['title'],
      },
    ];
  }

  async files(tx: Tx, patientId: string): Promise<readonly SubjectAccessFile[]> {
    const rows = await this.#filed(tx, patientId);
    return rows.flatMap((row) =>
      row.versions
        .filter((version) => canOpen(version, this.config.documentsUnscanned) === null)
        .map((version) => ({
          id: row.id,
          path: `${row.id}-${version.number}.${extensionOf(version)}`,
          mediaType: version.mediaType,
          isThirdParty: !OWN_KINDS.includes(row.kind),
          open: () => this.vault.open(version),
        })),
    );
  }

  #filed(tx: Tx, patientId: string): Promise<DocumentRow[]> {
    return tx.document.findMany({
      where: { patientId, withdrawnAt: null, destroyedAt: null },
      include: WITH_VERSIONS,
      orderBy: { id: 'asc' },
    });
  }
}

function toCopy(version: DocumentVersion): object {
  const { number, fileName, mediaType, sizeBytes, sha256, filedAt } = version;
  return { number, fileName, mediaType, sizeBytes, sha256, filedAt: filedAt.toString() };
}

function extensionOf({ mediaType }: VersionRow): string {
  return isFileType(mediaType) ? FILE_TYPES[mediaType].extensions[0] : 'bin';
}
