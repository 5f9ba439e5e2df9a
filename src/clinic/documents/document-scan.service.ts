import { Inject, Injectable, Logger } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { DocumentScanState } from '../../platform/database/generated/enums.js';
import { Outbox } from '../../platform/outbox/index.js';
import { SealBroken } from '../../platform/storage/index.js';
import { Clock, dateFromInstant, type Temporal } from '../../platform/time/index.js';
import {
  ScannerUnavailable,
  type Verdict,
  VIRUS_SCANNER,
  type VirusScanner,
} from '../../platform/virus-scan/index.js';
import type { UnattendedActor } from '../audit/audit.type.js';
import { strangeStorages } from './document.queries.js';
import { ScanEvent, scanStateAfter } from './document.rules.js';
import { DOCUMENT_WORK } from './document-letter.type.js';
import { DocumentRecord } from './document-record.service.js';
import { DocumentVault } from './document-vault.service.js';

/** A scanner that restarts loads its signatures for half a minute. */
const SCANNER_RETRY_MINUTES = 1;
/** Long enough to look into a false alarm, and to tell the sender. */
export const QUARANTINE_DAYS = 30;
const DAY_HOURS = 24;
/** A file that waits longer than this waits for a scanner that does not answer. */
const WAITING_IS_ODD_MINUTES = 10;

const UNATTENDED: UnattendedActor = {
  kind: 'SYSTEM',
  id: null,
  label: 'virus-scan',
  requestId: null,
  source: null,
};

const UNREACHABLE = 'The virus scanner does not answer.';
const DAMAGED = 'What is stored does not fit its seal: it was damaged, or is missing.';

interface Settled {
  readonly event: ScanEvent;
  readonly threatName: string | null;
  readonly scanProblem: string | null;
}

/** Has contents looked at by the virus scanner, and locks away and destroys what it finds something in. */
@Injectable()
export class DocumentScanService {
  readonly #log = new Logger('documents');

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(VIRUS_SCANNER) private readonly scanner: VirusScanner | null,
    @Inject(DocumentVault) private readonly vault: DocumentVault,
    @Inject(DocumentRecord) private readonly record: DocumentRecord,
  ) {
    outbox.declare(DOCUMENT_WORK.quarantineEnded);
    outbox.declare(DOCUMENT_WORK.contentDestroyed);
  }

  /** Has a content judged that waits for it. When to ask again, or null when all is done. */
  async scan(versionId: string): Promise<Temporal.Instant | null> {
    const row = await this.database.client.documentVersion.findUnique({ where: { id: versionId } });
    if (row === null || row.scanState !== DocumentScanState.PENDING || row.contentDestroyedAt !== null)
      return null;
    try {
      if (this.scanner === null) throw new ScannerUnavailable('no scanner is configured');
      const verdict = await this.scanner.scan(await this.vault.open(row));
      await this.#settle(versionId, settledBy(verdict));
      return null;
    } catch (error) {
      if (error instanceof SealBroken) {
        this.#log.error({ event: 'content-damaged', versionId });
        await this.#settle(versionId, {
          event: ScanEvent.WILL_NOT_SAY,
          threatName: null,
          scanProblem: DAMAGED,
        });
        return null;
      }
      if (!(error instanceof ScannerUnavailable)) throw error;
      this.#log.warn({ event: 'scanner-unavailable', versionId, why: error.message });
      await this.#note(versionId, UNREACHABLE);
      return this.clock.now().add({ minutes: SCANNER_RETRY_MINUTES });
    }
  }

  /** Destroys the content in which a threat was found. */
  async destroyQuarantined(versionId: string): Promise<void> {
    const storageKey = await this.database.transaction(async (tx) => {
      const { count } = await tx.documentVersion.updateMany({
        where: { id: versionId, scanState: DocumentScanState.THREATS_FOUND, contentDestroyedAt: null },
        data: { wrappedKey: null, contentDestroyedAt: dateFromInstant(this.clock.now()) },
      });
      if (count === 0) return null;
      return this.#recordVersion(tx, versionId, 'document.threat-destroyed');
    });
    if (storageKey !== null) await this.vault.discard(storageKey);
  }

  /** Removes what lies in the storage of a content that was destroyed: without its key nobody can read it any more. */
  async discardDestroyed(versionId: string): Promise<void> {
    const row = await this.database.client.documentVersion.findUnique({ where: { id: versionId } });
    if (row !== null && row.contentDestroyedAt !== null) await this.vault.discard(row.storageKey);
  }

  /** What a person should look at: threats and damage, contents that wait for too long, a storage that is another's. */
  async documentsStopped(): Promise<number> {
    const oddSince = dateFromInstant(this.clock.now().subtract({ minutes: WAITING_IS_ODD_MINUTES }));
    const { PENDING, THREATS_FOUND, VALIDATION_FAILED } = DocumentScanState;
    const strange = await this.database.client.$queryRaw<unknown[]>(strangeStorages());
    const stopped = await this.database.client.documentVersion.count({
      where: {
        contentDestroyedAt: null,
        OR: [
          { scanState: { in: [THREATS_FOUND, VALIDATION_FAILED] } },
          { scanState: PENDING, filedAt: { lt: oddSince } },
        ],
      },
    });
    return stopped + strange.length;
  }

  /** Writes a verdict down, once: whoever comes second finds it there. */
  async #settle(versionId: string, { event, threatName, scanProblem }: Settled): Promise<void> {
    const next = scanStateAfter(DocumentScanState.PENDING, event);
    if (next === null) throw new Error(`${event} settles nothing`);
    const now = this.clock.now();
    await this.database.transaction(async (tx) => {
      const { count } = await tx.documentVersion.updateMany({
        where: { id: versionId, scanState: DocumentScanState.PENDING },
        data: { scanState: next, scannedAt: dateFromInstant(now), threatName, scanProblem },
      });
      if (count === 0) return;
      await this.#recordVersion(tx, versionId, 'document.scanned');
      if (next !== DocumentScanState.THREATS_FOUND) return;
      const dueAt = now.add({ hours: QUARANTINE_DAYS * DAY_HOURS });
      await this.outbox.post(tx, {
        topic: DOCUMENT_WORK.quarantineEnded,
        subjectId: versionId,
        version: 0,
        dueAt,
      });
    });
    if (next === DocumentScanState.THREATS_FOUND) this.#log.warn({ event: 'threat-found', versionId });
  }

  async #note(versionId: string, scanProblem: string): Promise<void> {
    await this.database.client.documentVersion.updateMany({
      where: { id: versionId, scanState: DocumentScanState.PENDING },
      data: { scanProblem },
    });
  }

  async #recordVersion(tx: Tx, versionId: string, action: string): Promise<string> {
    const { documentId, storageKey } = await tx.documentVersion.findUniqueOrThrow({
      where: { id: versionId },
    });
    const document = this.record.toDocument(await this.record.mustHave(tx, documentId));
    await this.record.record(tx, UNATTENDED, action, document, null);
    return storageKey;
  }
}

function settledBy(verdict: Verdict): Settled {
  switch (verdict.kind) {
    case 'CLEAN':
      return { event: ScanEvent.FOUND_NOTHING, threatName: null, scanProblem: null };
    case 'THREAT':
      return { event: ScanEvent.FOUND_THREAT, threatName: verdict.name, scanProblem: null };
    case 'UNJUDGED':
      return { event: ScanEvent.WILL_NOT_SAY, threatName: null, scanProblem: verdict.why };
  }
}
